#include "server/app/setup_code.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdint>

#include "server/auth/token.hpp"
#include "server/routes/services.hpp"

namespace sillage::server {

Result<std::optional<std::string>> renew_setup_code(Store& store, bool has_admin_token) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(const auto hash, transaction->setting(setup_code_setting));
    const bool is_settled = hash && hash->empty();
    if (is_settled) {
        return std::optional<std::string>();
    }
    std::optional<std::string> code;
    if (!has_admin_token) {
        std::array<std::uint8_t, token_bytes> bytes{};
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
            return Error{.code = ErrorCode::internal,
                         .message = "The system gives no random bytes."};
        }
        code = token_text(bytes);
    }
    SILLAGE_TRY(transaction->set(setup_code_setting, code ? token_hash(*code) : ""));
    SILLAGE_TRY(transaction->commit());
    return code;
}

}  // namespace sillage::server
