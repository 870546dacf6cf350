#include "server/hooks/preset.hpp"

#include <algorithm>
#include <array>
#include <boost/json/value.hpp>

#include "engine/base/hash.hpp"
#include "engine/base/json.hpp"
#include "server/hooks/signature.hpp"

namespace sillage::server {
namespace {

constexpr std::array<std::pair<Scheme, std::string_view>, 3> names{{
    {Scheme::standard, "standard"},
    {Scheme::github, "github"},
    {Scheme::stripe, "stripe"},
}};

/// Of a secret that is any text. Chosen: 16 random letters cannot be tried.
constexpr std::size_t secret_characters_min = 16;
/// Of an id; specified by nobody, but it is kept for a week.
constexpr std::size_t id_characters_max = 256;

Error refused(std::string message) {
    return Error{.code = ErrorCode::unauthenticated, .message = std::move(message)};
}

Error lacks(std::string_view header) {
    return refused("The message has no header " + std::string(header) + ".");
}

std::string hex_hmac(std::string_view key, std::string_view bytes) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : hmac_sha256(key, bytes)) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 15U];
    }
    return text;
}

bool is_signed_by_any(const std::vector<std::string>& secrets, std::string_view bytes,
                      std::string_view signature) {
    return std::ranges::any_of(secrets, [&](const std::string& secret) {
        return equals_in_constant_time(hex_hmac(secret, bytes), signature);
    });
}

Result<std::string> standard_id(const std::vector<std::string>& secrets, const Arrived& message) {
    const auto id = message.header("webhook-id");
    const auto timestamp = message.header("webhook-timestamp");
    const auto signature = message.header("webhook-signature");
    if (!id || !timestamp || !signature) {
        return lacks(!id ? "webhook-id" : !timestamp ? "webhook-timestamp" : "webhook-signature");
    }
    if (id->empty() || id->size() > id_characters_max || id->find('.') != std::string_view::npos) {
        return refused("The webhook-id has 1 to 256 characters and no full stop.");
    }
    std::vector<SignatureKey> keys;
    for (const std::string& secret : secrets) {
        SILLAGE_TRY(auto key, SignatureKey::read(secret));
        keys.push_back(std::move(key));
    }
    const SignedMessage signed_message{.id = *id, .timestamp = *timestamp, .body = message.body};
    SILLAGE_TRY(check_signature(keys, signed_message, *signature, message.now));
    return std::string(*id);
}

Result<std::string> github_id(const std::vector<std::string>& secrets, const Arrived& message) {
    constexpr std::string_view scheme = "sha256=";
    const auto signature = message.header("X-Hub-Signature-256");
    if (!signature) {
        return lacks("X-Hub-Signature-256");
    }
    if (!signature->starts_with(scheme) ||
        !is_signed_by_any(secrets, message.body, signature->substr(scheme.size()))) {
        return refused("The signature of the message is not right.");
    }
    return sha256_hex(message.body);
}

/// The `id` of a payload, which is signed with it; else its hash.
std::string id_in(std::string_view body) {
    const auto payload = parse_json(body);
    if (payload && payload.value().is_object()) {
        const auto* id = payload.value().get_object().if_contains("id");
        if (id != nullptr && id->is_string() && !id->get_string().empty() &&
            id->get_string().size() <= id_characters_max) {
            return std::string(id->get_string());
        }
    }
    return sha256_hex(body);
}

Result<std::string> stripe_id(const std::vector<std::string>& secrets, const Arrived& message) {
    const auto header = message.header("Stripe-Signature");
    if (!header) {
        return lacks("Stripe-Signature");
    }
    std::string_view timestamp;
    std::vector<std::string_view> signatures;
    for (std::string_view rest = *header; !rest.empty();) {
        const std::string_view part = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(part.size() + 1, rest.size()));
        if (part.starts_with("t=")) {
            timestamp = part.substr(2);
        } else if (part.starts_with("v1=")) {
            signatures.push_back(part.substr(3));
        }
    }
    SILLAGE_TRY(check_timestamp(timestamp, message.now));
    const std::string content = std::string(timestamp) + "." + std::string(message.body);
    const bool is_right = std::ranges::any_of(signatures, [&](std::string_view signature) {
        return is_signed_by_any(secrets, content, signature);
    });
    return is_right ? Result<std::string>(id_in(message.body))
                    : refused("No signature of the message is right.");
}

}  // namespace

std::string_view name_of(Scheme scheme) {
    return std::ranges::find(names, scheme, &std::pair<Scheme, std::string_view>::first)->second;
}

std::optional<Scheme> scheme_named(std::string_view name) {
    const auto* const found =
        std::ranges::find(names, name, &std::pair<Scheme, std::string_view>::second);
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

Result<void> check_secret(Scheme scheme, std::string_view secret) {
    if (scheme == Scheme::standard) {
        SILLAGE_TRY(SignatureKey::read(secret));
        return success();
    }
    if (secret.size() < secret_characters_min) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "A secret has 16 characters at least."};
    }
    return success();
}

Result<std::string> verified_id(Scheme scheme, const std::vector<std::string>& secrets,
                                const Arrived& message) {
    switch (scheme) {
        case Scheme::standard:
            return standard_id(secrets, message);
        case Scheme::github:
            return github_id(secrets, message);
        case Scheme::stripe:
            return stripe_id(secrets, message);
    }
    return refused("The scheme is unknown.");
}

}  // namespace sillage::server
