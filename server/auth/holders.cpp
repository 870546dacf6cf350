#include "server/auth/holders.hpp"

#include "server/auth/token.hpp"

namespace sillage::server {
namespace {

/// Tokens that are remembered. Chosen: all of a large programme's, at half a kilobyte each.
constexpr std::size_t holders_max = 10'000;

Error unknown() {
    return Error{.code = ErrorCode::unauthenticated,
                 .message = "The token is unknown, expired or revoked."};
}

std::optional<std::string_view> text_in(const boost::json::object& token, std::string_view name) {
    const auto* value = token.if_contains(name);
    return value != nullptr && value->is_string()
               ? std::optional<std::string_view>(value->get_string())
               : std::nullopt;
}

}  // namespace

Holders::Holders(std::string admin_hash)
    : admin_hash_(std::move(admin_hash)),
      admin_(std::make_shared<const Account>(built_in_admin())) {}

AccountPointer Holders::recall(const std::string& hash) const {
    if (!admin_hash_.empty() && hash == admin_hash_) {
        return admin_;
    }
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(hash);
    return found == known_.end() ? nullptr : found->second.account;
}

std::optional<Holders::Holder> Holders::known(const std::string& hash, std::uint64_t revision) {
    const std::lock_guard lock(mutex_);
    if (revision_ != revision || known_.size() >= holders_max) {
        known_.clear();
        revision_ = revision;
    }
    const auto found = known_.find(hash);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<Holders::Holder>> Holders::look_up(Reader& reader, const std::string& hash) {
    SILLAGE_TRY(const auto token, reader.view().record_by_lookup(RecordKind::token, hash));
    if (!token || text_in(token->body, "revoked_at")) {
        return std::nullopt;
    }
    Holder holder;
    if (const auto expires_at = text_in(token->body, "expires_at")) {
        const auto expiry = parse_instant(*expires_at);
        if (!expiry) {
            return std::nullopt;
        }
        holder.expires_at = expiry.value();
    }
    const auto& account = token->body.at("account").as_string();
    SILLAGE_TRY(const auto owner, reader.view().record(RecordKind::account, account, std::nullopt));
    if (!owner) {
        return std::nullopt;
    }
    holder.account = std::make_shared<const Account>(account_of(*owner));
    return holder;
}

Result<AccountPointer> Holders::find(Runtime& runtime, const std::string& hash, Instant now) {
    if (!admin_hash_.empty() && hash == admin_hash_) {
        return admin_;
    }
    std::optional<Holder> holder = known(hash, runtime.store().registry_revision());
    if (!holder) {
        SILLAGE_TRY(holder, runtime.read([&](Reader& reader) { return look_up(reader, hash); }));
        if (!holder) {
            return unknown();
        }
        const std::lock_guard lock(mutex_);
        known_.insert_or_assign(hash, *holder);
    }
    if (holder->expires_at && now >= *holder->expires_at) {
        return unknown();
    }
    return std::move(holder->account);
}

}  // namespace sillage::server
