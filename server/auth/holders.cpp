#include "server/auth/holders.hpp"

#include <algorithm>

#include "server/auth/login_book.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {
namespace {

/// Credentials that are remembered. Chosen: all of a large programme's, at half a kilobyte each.
constexpr std::size_t holders_max = 10'000;

/// A use of a token is written down this much after the one before: a line in a list needs no more,
/// and a write for every request would cost more than the request.
constexpr Duration token_grain{60LL * 60 * 1000};
/// Into so many parts the time is cut that a session may idle: what a crash forgets shortens that
/// by one of them at most.
constexpr std::int64_t session_grains = 6;

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

std::vector<std::string> texts_in(const boost::json::object& token, std::string_view name) {
    std::vector<std::string> texts;
    const auto* list = token.if_contains(name);
    if (list != nullptr && list->is_array()) {
        for (const auto& item : list->get_array()) {
            texts.emplace_back(item.as_string());
        }
    }
    return texts;
}

}  // namespace

Holders::Holders(std::string admin_hash, const SessionLife& life)
    : admin_hash_(std::move(admin_hash)),
      admin_(std::make_shared<const Account>(built_in_admin())),
      life_(life) {}

AccountPointer Holders::built_in(const Credential& credential) const {
    if (credential.kind == Credential::Kind::operator_user) {
        return std::make_shared<const Account>(operator_account(credential.value));
    }
    return !admin_hash_.empty() && credential.value == admin_hash_ ? admin_ : nullptr;
}

AccountPointer Holders::recall(const Credential& credential) const {
    if (AccountPointer account = built_in(credential)) {
        return account;
    }
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(credential.value);
    return found == known_.end() ? nullptr : found->second.account;
}

void Holders::forget() {
    const std::lock_guard lock(mutex_);
    known_.clear();
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

std::shared_ptr<Holders::Mark> Holders::mark_of(const Account& account, bool is_session,
                                                std::optional<Instant> written_at) {
    const std::lock_guard lock(mutex_);
    const auto found = marks_.find(account.credential);
    if (found != marks_.end()) {
        return found->second;
    }
    if (marks_.size() >= holders_max) {
        marks_.clear();  // what was not written is: a use a minute ago at most
    }
    auto mark = std::make_shared<Mark>(Mark{.account = account.id,
                                            .is_session = is_session,
                                            .used_at = written_at,
                                            .written_at = written_at});
    marks_.emplace(account.credential, mark);
    return mark;
}

Result<std::optional<Holders::Holder>> Holders::look_up_token(Reader& reader,
                                                              const std::string& hash) {
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
        holder.ends_at = expiry.value();
    }
    const auto& id = token->body.at("account").as_string();
    SILLAGE_TRY(const auto owner, reader.view().record(RecordKind::account, id, std::nullopt));
    if (!owner) {
        return std::nullopt;
    }
    Account account = account_of(*owner);
    account.credential = token->id;
    account.scopes = texts_in(token->body, "scopes");
    SILLAGE_TRY(const auto book, login_book(reader.view(), account.id));
    const auto use = book.token_uses.find(token->id);
    holder.mark = mark_of(account, false,
                          use == book.token_uses.end() ? std::nullopt : std::optional(use->second));
    holder.account = std::make_shared<const Account>(std::move(account));
    return holder;
}

Result<std::optional<Holders::Holder>> Holders::look_up_session(Reader& reader,
                                                                const Credential& credential) {
    SILLAGE_TRY(const auto owner,
                reader.view().record(RecordKind::account, credential.account, std::nullopt));
    if (!owner) {
        return std::nullopt;
    }
    Account account = account_of(*owner);
    SILLAGE_TRY(const auto book, login_book(reader.view(), account.id));
    const auto session = std::ranges::find(book.sessions, credential.value, &LoginSession::hash);
    if (session == book.sessions.end() || session->roles_hash != roles_hash(account)) {
        return std::nullopt;
    }
    account.credential = session->id;
    Holder holder{.ends_at = session->ends_at};
    holder.mark = mark_of(account, true, session->seen_at);
    holder.account = std::make_shared<const Account>(std::move(account));
    return holder;
}

Result<std::optional<Holders::Holder>> Holders::look_up(Reader& reader,
                                                        const Credential& credential) {
    switch (credential.kind) {
        case Credential::Kind::token:
            return look_up_token(reader, credential.value);
        case Credential::Kind::session:
            return look_up_session(reader, credential);
        case Credential::Kind::none:
        case Credential::Kind::operator_user:
            break;
    }
    return std::nullopt;
}

bool Holders::use(const Holder& holder, Instant now) {
    const std::lock_guard lock(mutex_);
    Mark& mark = *holder.mark;
    const Instant before = mark.used_at.value_or(now);
    if (mark.is_session && now - before >= life_.idle) {
        return false;
    }
    mark.used_at = std::max(before, now);
    return true;
}

Result<AccountPointer> Holders::find(Runtime& runtime, const Credential& credential, Instant now) {
    if (AccountPointer account = built_in(credential)) {
        return account;
    }
    std::optional<Holder> holder = known(credential.value, runtime.store().registry_revision());
    if (!holder) {
        SILLAGE_TRY(holder,
                    runtime.read([&](Reader& reader) { return look_up(reader, credential); }));
        if (!holder) {
            return unknown();
        }
        const std::lock_guard lock(mutex_);
        known_.insert_or_assign(credential.value, *holder);
    }
    if ((holder->ends_at && now >= *holder->ends_at) || !use(*holder, now)) {
        return unknown();
    }
    return std::move(holder->account);
}

std::optional<Instant> Holders::last_use(const std::string& credential) const {
    const std::lock_guard lock(mutex_);
    const auto found = marks_.find(credential);
    return found == marks_.end() ? std::nullopt : found->second->used_at;
}

std::vector<CredentialUse> Holders::take_due_uses() {
    std::vector<CredentialUse> due;
    const std::lock_guard lock(mutex_);
    for (auto& [credential, mark] : marks_) {
        const Duration grain =
            mark->is_session ? Duration{life_.idle.milliseconds / session_grains} : token_grain;
        const bool is_due =
            mark->used_at && (!mark->written_at || *mark->used_at - *mark->written_at >= grain);
        if (is_due) {
            mark->written_at = mark->used_at;
            due.push_back(
                {.account = mark->account, .credential = credential, .at = *mark->used_at});
        }
    }
    return due;
}

}  // namespace sillage::server
