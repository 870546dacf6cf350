#include "server/auth/stored_account.hpp"

#include "server/auth/credential.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {
namespace {

/// The setting that is `absent` while there is no SILLAGE_ADMIN_TOKEN, else empty or not there.
constexpr std::string_view admin_setting = "built_in_admin";
constexpr std::string_view absent = "absent";

}  // namespace

Result<void> note_admin_token(Store& store, bool is_set) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(const auto noted, transaction->setting(admin_setting));
    const std::string_view now = is_set ? std::string_view() : absent;
    if (noted.value_or("") == now) {
        return success();
    }
    SILLAGE_TRY(transaction->set(admin_setting, now));
    return transaction->commit();
}

Result<std::optional<Account>> account_with_id(Reader& reader, const std::string& id) {
    constexpr std::string_view operators = "operator:";
    if (id == built_in_admin().id) {
        SILLAGE_TRY(const auto noted, reader.view().setting(admin_setting));
        return noted.value_or("") == absent ? std::nullopt : std::optional(built_in_admin());
    }
    if (id.starts_with(operators)) {
        return std::optional(operator_account(std::string_view(id).substr(operators.size())));
    }
    SILLAGE_TRY(const auto record, reader.view().record(RecordKind::account, id, std::nullopt));
    return record ? std::optional(account_of(*record)) : std::nullopt;
}

}  // namespace sillage::server
