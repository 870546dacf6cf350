#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/base/instant.hpp"

namespace sillage {

/// Eighty random bits, drawn by the server; what makes an id unguessable.
using Entropy = std::array<std::uint8_t, 10>;

/// The 26 characters of a ULID: 48 bits of `at`, then `entropy`, in Crockford's base 32.
/// Sortable by time. Source: the ULID specification.
[[nodiscard]] std::string ulid(Instant at, const Entropy& entropy);

/// An id of one kind of thing; kinds do not mix. Shape: prefix, `_`, ULID. Ex. `ins_01J…`.
template <class Tag>
struct Id {
    std::string value;

    auto operator<=>(const Id&) const = default;
    bool operator==(const Id&) const = default;
};

template <class Tag>
[[nodiscard]] Id<Tag> make_id(Instant at, const Entropy& entropy) {
    return Id<Tag>{std::string(Tag::prefix) + "_" + ulid(at, entropy)};
}

struct InstanceTag {
    static constexpr std::string_view prefix = "ins";
};
struct CompanyTag {
    static constexpr std::string_view prefix = "com";
};
struct CohortTag {
    static constexpr std::string_view prefix = "coh";
};
struct ClusterTag {
    static constexpr std::string_view prefix = "clu";
};
struct AccountTag {
    static constexpr std::string_view prefix = "acc";
};
struct TokenTag {
    static constexpr std::string_view prefix = "tok";
};
struct DelegationTag {
    static constexpr std::string_view prefix = "dlg";
};
struct WebhookTag {
    static constexpr std::string_view prefix = "whk";
};
struct SourceTag {
    static constexpr std::string_view prefix = "src";
};
struct ReceivedTag {
    static constexpr std::string_view prefix = "rcv";
};

using InstanceId = Id<InstanceTag>;
using CompanyId = Id<CompanyTag>;
using CohortId = Id<CohortTag>;
using ClusterId = Id<ClusterTag>;
using AccountId = Id<AccountTag>;
using TokenId = Id<TokenTag>;
using DelegationId = Id<DelegationTag>;
using WebhookId = Id<WebhookTag>;
using SourceId = Id<SourceTag>;
using ReceivedId = Id<ReceivedTag>;

}  // namespace sillage
