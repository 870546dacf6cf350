#include "server/catalogue/log_piece.hpp"

#include <algorithm>
#include <map>

#include "server/auth/permission.hpp"

namespace sillage::server {
namespace {

/// What of an instance all its entries have in common.
struct Origin {
    Birth subject = {};
    DefinitionPointer definition = nullptr;
};

Result<Origin> origin_of(Reader& reader, const std::string& instance) {
    SILLAGE_TRY(const auto record, reader.view().instance(instance));
    if (!record) {
        return Error{.code = ErrorCode::corrupt,
                     .message = "The log has an entry of " + instance + ", which is nowhere else."};
    }
    Origin origin{.subject = birth_of(*record)};
    SILLAGE_TRY(origin.definition, reader.definition_of(*record));
    return origin;
}

}  // namespace

Scope scope_of(const LogPiece& piece) {
    return Scope{.cluster = piece.subject.cluster,
                 .cohort = piece.subject.cohort,
                 .company = piece.subject.company,
                 .instance = piece.entry.instance,
                 .ancestors = piece.subject.ancestors};
}

Result<std::vector<LogPiece>> pieces_of(Reader& reader, std::vector<Entry> entries) {
    std::map<std::string, Origin> origins;
    std::vector<LogPiece> pieces;
    pieces.reserve(entries.size());
    for (Entry& entry : entries) {
        auto known = origins.find(entry.instance);
        if (known == origins.end()) {
            SILLAGE_TRY(auto origin, origin_of(reader, entry.instance));
            known = origins.emplace(entry.instance, std::move(origin)).first;
        }
        const Origin& origin = known->second;
        pieces.push_back(LogPiece{
            .entry = std::move(entry), .subject = origin.subject, .definition = origin.definition});
    }
    return pieces;
}

Result<std::vector<LogPiece>> log_after(Reader& reader, std::uint64_t position, std::size_t limit) {
    SILLAGE_TRY(auto entries, reader.view().log(position, limit));
    return pieces_of(reader, std::move(entries));
}

std::optional<Addressee> addressee_of(const LogPiece& piece, const Account& account) {
    const RoleRights rights(*piece.definition);
    const Scope scope = scope_of(piece);
    const auto may = [&](Permission permission) {
        return access(account, permission, scope, rights) == Access::granted;
    };
    if (!may(Permission::read_instance)) {
        return std::nullopt;
    }
    Addressee addressee;
    addressee.call.actor = Actor{.id = account.id,
                                 .roles = workflow_roles(account, *piece.definition, scope),
                                 .on_behalf_of = account.on_behalf_of};
    addressee.call.now = piece.entry.at;
    addressee.call.audience = audience_of(account, scope, rights);
    addressee.with_effects = may(Permission::read_effects);
    addressee.with_sheets = may(Permission::read_sheets);
    return addressee;
}

std::string audience_key(const LogPiece& piece, const Addressee& addressee) {
    const Actor& reader = addressee.call.actor;
    std::string key(addressee.call.audience == Audience::outside ? "o" : "s");
    key += addressee.with_effects ? "e" : "-";
    key += addressee.with_sheets ? "s" : "-";
    key += reader.id == piece.entry.actor.id ? "=" : "-";  // its own doings are told to whoever did
    std::vector<std::string> roles(reader.roles.begin(), reader.roles.end());
    std::ranges::sort(roles);
    for (const std::string& role : roles) {
        key += "|" + role;
    }
    return key;
}

}  // namespace sillage::server
