#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/runtime/runtime.hpp"
#include "server/auth/account.hpp"

namespace sillage::server {

using AccountPointer = std::shared_ptr<const Account>;

/// Whom tokens stand for, remembered until the registry changes. It is asked by the token_hash and
/// keeps no token: how long a look-up takes tells nothing of one.
class Holders {
  public:
    /// `admin_hash`: of SILLAGE_ADMIN_TOKEN, or empty.
    explicit Holders(std::string admin_hash = {});

    /// Who held it when that was last found; null: it is not known. Says nothing of whether the
    /// token still holds. From any thread.
    [[nodiscard]] AccountPointer recall(const std::string& hash) const;

    /// Who holds it now. On the engine's thread.
    /// Errors: unauthenticated: unknown, expired or revoked; those of the store.
    [[nodiscard]] Result<AccountPointer> find(Runtime& runtime, const std::string& hash,
                                              Instant now);

  private:
    struct Holder {
        AccountPointer account = nullptr;
        std::optional<Instant> expires_at = {};
    };

    /// Nothing: it is unknown or revoked.
    static Result<std::optional<Holder>> look_up(Reader& reader, const std::string& hash);
    std::optional<Holder> known(const std::string& hash, std::uint64_t revision);

    const std::string admin_hash_;
    const AccountPointer admin_;
    mutable std::mutex mutex_;  ///< guards what follows
    std::unordered_map<std::string, Holder> known_;
    /// Of the registry, when they were found.
    std::uint64_t revision_ = 0;
};

}  // namespace sillage::server
