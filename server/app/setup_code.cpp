#include "server/app/setup_code.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstdint>

#include "server/auth/one_time_code.hpp"
#include "server/auth/permission.hpp"
#include "server/auth/token.hpp"
#include "server/routes/services.hpp"

namespace sillage::server {

namespace {

/// Accounts that are looked at together.
constexpr std::size_t page = 200;

/// Whether some account is the administrator of everything.
Result<bool> has_administrator(ReadView& view) {
    RecordFilter filter{.kind = RecordKind::account, .limit = page};
    for (;;) {
        SILLAGE_TRY(const auto records, view.records(filter));
        for (const Record& record : records) {
            if (is_admin_of(account_of(record), Scope{})) {
                return true;
            }
        }
        if (records.size() < page) {
            return false;
        }
        filter.after = records.back().id;
    }
}

}  // namespace

Result<std::optional<std::string>> renew_setup_code(Store& store, Instant now,
                                                    bool has_admin_token) {
    SILLAGE_TRY(const auto transaction, store.begin());
    SILLAGE_TRY(const auto hash, transaction->setting(setup_code_setting));
    const bool is_settled = hash && hash->empty();
    if (is_settled) {
        return std::optional<std::string>();
    }
    std::optional<std::string> code;
    SILLAGE_TRY(const bool has_one, has_administrator(*transaction));
    if (!has_admin_token && !has_one) {
        std::array<std::uint8_t, token_bytes> bytes{};
        if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
            return Error{.code = ErrorCode::internal,
                         .message = "The system gives no random bytes."};
        }
        code = token_text(bytes);
    }
    const Instant until{now.milliseconds + setup_code_minutes * 60'000};
    SILLAGE_TRY(transaction->set(setup_code_setting, code ? kept_code(*code, until) : ""));
    SILLAGE_TRY(transaction->commit());
    return code;
}

}  // namespace sillage::server
