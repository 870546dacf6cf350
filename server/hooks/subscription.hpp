#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/record.hpp"
#include "server/hooks/signature.hpp"

// A subscription to outgoing webhooks: what its record holds, read.

namespace sillage::server {

/// How a message travels. Source: CloudEvents 1.0.2, HTTP protocol binding.
enum class ContentMode { structured, binary };

[[nodiscard]] std::string_view name_of(ContentMode mode);
[[nodiscard]] std::optional<ContentMode> content_mode_named(std::string_view name);

/// A secret or signing key and until when it signs; nothing: until it is replaced.
struct KeptSecret {
    std::string text = {};
    std::optional<Instant> ends_at = {};

    bool operator==(const KeptSecret&) const = default;
};

/// How long a replaced secret goes on signing beside the new one. Published: threats TM11.
inline constexpr Duration secret_overlap{24LL * 60 * 60 * 1000};

struct Subscription {
    std::string id = {};
    std::uint64_t revision = 0;
    /// Empty: of the whole network.
    std::string cluster = {};
    /// As whom it sees the log.
    std::string account = {};
    std::string url = {};
    /// Names, or beginnings before a `*`; empty: every type. Ex. `sillage.instance.*`
    std::vector<std::string> types = {};
    ContentMode mode = ContentMode::structured;
    bool is_enabled = true;
    /// By the server; nothing: it is not disabled.
    std::optional<Instant> disabled_at = {};
    bool is_deleted = false;
    Instant created_at = {};
    std::vector<KeptSecret> secrets = {};

    bool operator==(const Subscription&) const = default;

    [[nodiscard]] bool is_active() const { return is_enabled && !disabled_at && !is_deleted; }
    /// Whether it asks for messages of that type.
    [[nodiscard]] bool wants(std::string_view type) const;
    /// What signs at that instant; those that cannot be read are left out.
    [[nodiscard]] std::vector<SignatureKey> keys_at(Instant now) const;
};

/// Reads a record of that kind.
[[nodiscard]] Subscription subscription_of(const Record& record);

/// Puts a new secret first and lets those of its kind end after the overlap; what is over goes.
[[nodiscard]] boost::json::array rotated(const boost::json::array& secrets, std::string_view text,
                                         Instant now);

/// Why a subscription was disabled: one sentence each.
inline constexpr std::string_view disabled_gone = "The receiver answered 410 Gone.";
inline constexpr std::string_view disabled_failing = "No delivery has succeeded for five days.";

/// The record's body with that reason in it.
void disable(boost::json::object& body, std::string_view reason, Instant now);
/// The other way.
void undo_disable(boost::json::object& body);

}  // namespace sillage::server
