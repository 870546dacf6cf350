#include "server/auth/stored_account.hpp"

#include "server/auth/credential.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {

Result<std::optional<Account>> account_with_id(Reader& reader, const std::string& id) {
    constexpr std::string_view operators = "operator:";
    if (id == built_in_admin().id) {
        return std::optional(built_in_admin());
    }
    if (id.starts_with(operators)) {
        return std::optional(operator_account(std::string_view(id).substr(operators.size())));
    }
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::account, id, std::nullopt));
    return record ? std::optional(account_of(*record)) : std::nullopt;
}

}  // namespace sillage::server
