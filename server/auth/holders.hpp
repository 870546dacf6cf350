#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "server/auth/account.hpp"
#include "server/auth/login_book.hpp"
#include "server/auth/session.hpp"

namespace sillage::server {

using AccountPointer = std::shared_ptr<const Account>;

/// Whom credentials stand for, remembered until the registry changes. It is asked by hashes and
/// keeps no secret: how long a look-up takes tells nothing of one.
class Holders {
  public:
    /// `admin_hash`: of SILLAGE_ADMIN_TOKEN, or empty.
    explicit Holders(std::string admin_hash = {}, const SessionLife& life = {});

    /// Whose it was when that was last found; null: it is not known. Says nothing of whether the
    /// credential still holds. From any thread.
    [[nodiscard]] AccountPointer recall(const Credential& credential) const;

    /// Whose it is now, and notes that it was used. On the engine's thread.
    /// Errors: unauthenticated: none, unknown, expired or revoked; those of the store.
    [[nodiscard]] Result<AccountPointer> find(Runtime& runtime, const Credential& credential,
                                              Instant now);

    /// Has everything looked up anew: a login session was ended. On the engine's thread.
    void forget();

    [[nodiscard]] const SessionLife& life() const { return life_; }

    /// When that credential was last used, as far as it is remembered.
    [[nodiscard]] std::optional<Instant> last_use(const std::string& credential) const;
    /// Uses that are due to be written down, each once: of a token an hour after what was written
    /// last, of a login session a sixth of the time it may idle.
    [[nodiscard]] std::vector<CredentialUse> take_due_uses();

  private:
    /// When it was used, and when that was last written down.
    struct Mark {
        std::string account = {};
        bool is_session = false;
        std::optional<Instant> used_at = {};
        std::optional<Instant> written_at = {};
    };
    struct Holder {
        AccountPointer account = nullptr;
        std::optional<Instant> ends_at = {};
        /// Null: nothing is noted of it. Shared with `marks_`, and guarded as that is.
        std::shared_ptr<Mark> mark = nullptr;
    };

    /// Of what no record stands for; null: it is none of these.
    [[nodiscard]] AccountPointer built_in(const Credential& credential) const;
    /// Nothing: it is unknown, revoked or over.
    Result<std::optional<Holder>> look_up(Reader& reader, const Credential& credential);
    Result<std::optional<Holder>> look_up_token(Reader& reader, const std::string& hash);
    Result<std::optional<Holder>> look_up_session(Reader& reader, const Credential& credential);
    std::optional<Holder> known(const std::string& hash, std::uint64_t revision);
    std::shared_ptr<Mark> mark_of(const Account& account, bool is_session,
                                  std::optional<Instant> written_at);
    /// Notes the use. False: a session has been idle for too long.
    bool use(const Holder& holder, Instant now);

    const std::string admin_hash_;
    const AccountPointer admin_;
    const SessionLife life_;
    mutable std::mutex mutex_;  ///< guards what follows
    std::unordered_map<std::string, Holder> known_;
    /// By credential; they outlast what is remembered of accounts.
    std::unordered_map<std::string, std::shared_ptr<Mark>> marks_;
    /// Of the registry, when they were found.
    std::uint64_t revision_ = 0;
};

}  // namespace sillage::server
