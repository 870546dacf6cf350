#include "server/auth/id_token.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/json.hpp"
#include "server/auth/account.hpp"
#include "server/auth/base64url.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

/// OpenID Connect Core, 2: a subject has 255 ASCII characters at most.
constexpr std::size_t subject_characters_max = 255;

/// Members of a header by which a token would bring its own key, or change how it is read.
constexpr std::array<std::string_view, 6> refused_members{"jku", "jwk",  "x5u",
                                                          "x5c", "crit", "b64"};

Error refused(std::string message) {
    return Error{.code = ErrorCode::unauthenticated, .message = std::move(message)};
}

/// The three parts of a compact JWS (RFC 7515, 7.1).
struct Parts {
    std::string_view header = {};
    std::string_view payload = {};
    std::string_view signature = {};
};

Result<Parts> parts_of(std::string_view token) {
    const std::size_t first = token.find('.');
    const std::size_t last = token.rfind('.');
    if (token.size() > id_token_bytes_max || first == std::string_view::npos || first == last ||
        token.find('.', first + 1) != last) {
        return refused("The ID token is no signed token.");
    }
    return Parts{token.substr(0, first), token.substr(first + 1, last - first - 1),
                 token.substr(last + 1)};
}

Result<json::object> object_in(std::string_view part) {
    const auto bytes = from_base64url(part);
    auto value = bytes ? parse_json(*bytes) : Result<json::value>(refused(""));
    if (!value || !value.value().is_object()) {
        return refused("A part of the ID token is no JSON object.");
    }
    return std::move(value.value().get_object());
}

std::optional<std::string> text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string()))
                                                  : std::nullopt;
}

Result<SignatureAlgorithm> algorithm_in(const json::object& header) {
    const bool brings_key = std::ranges::any_of(refused_members, [&](std::string_view name) {
        return header.if_contains(name) != nullptr;
    });
    if (brings_key) {
        return refused("The ID token's header says how it is to be verified.");
    }
    const json::value* type = header.if_contains("typ");
    if (type != nullptr && (!type->is_string() || email_lookup(type->get_string()) != "jwt")) {
        return refused("The token is no ID token, but one of another type.");
    }
    const auto algorithm = algorithm_named(text_in(header, "alg").value_or(""));
    if (!algorithm) {
        return refused("The ID token is signed by no algorithm that is allowed.");
    }
    return *algorithm;
}

/// An instant of RFC 7519, 2: seconds, perhaps with a fraction. Nothing: no member of that name.
Result<std::optional<Instant>> instant_in(const json::object& claims, std::string_view name) {
    constexpr double seconds_max = 253'402'300'799;  // the end of the year 9999
    const json::value* value = claims.if_contains(name);
    if (value == nullptr) {
        return std::optional<Instant>();
    }
    const double seconds = value->is_int64()    ? static_cast<double>(value->get_int64())
                           : value->is_double() ? value->get_double()
                                                : -1.0;
    if (!(seconds >= 0 && seconds <= seconds_max)) {
        return refused("The ID token's " + std::string(name) + " is no time.");
    }
    return std::optional(Instant{static_cast<std::int64_t>(std::floor(seconds * 1000))});
}

Result<void> check_times(const json::object& claims, Instant now) {
    SILLAGE_TRY(const auto expires_at, instant_in(claims, "exp"));
    SILLAGE_TRY(const auto issued_at, instant_in(claims, "iat"));
    SILLAGE_TRY(const auto not_before, instant_in(claims, "nbf"));
    if (!expires_at || !issued_at) {
        return refused("The ID token does not say from when and until when it is good.");
    }
    if (now - *expires_at >= clock_skew_max) {
        return refused("The ID token has expired.");
    }
    if (*issued_at - now > clock_skew_max || (not_before && *not_before - now > clock_skew_max)) {
        return refused("The ID token is not good yet.");
    }
    return success();
}

/// OpenID Connect Core, 3.1.3.7, 3 to 5.
Result<void> check_audience(const json::object& claims, const std::string& client_id) {
    const json::value* audience = claims.if_contains("aud");
    const bool is_list = audience != nullptr && audience->is_array();
    const json::value client(client_id);
    const bool is_for_us =
        is_list ? std::ranges::find(audience->get_array(), client) != audience->get_array().end()
                : audience != nullptr && *audience == client;
    const json::value* party = claims.if_contains("azp");
    const bool is_shared = is_list && audience->get_array().size() > 1;
    if (!is_for_us || (party != nullptr && *party != client) || (is_shared && party == nullptr)) {
        return refused("The ID token is for another client.");
    }
    return success();
}

Result<Identity> identity_in(const json::object& claims, const std::string& issuer) {
    Identity identity{.issuer = issuer, .subject = text_in(claims, "sub").value_or("")};
    const bool is_ascii =
        std::ranges::all_of(identity.subject, [](char c) { return c >= ' ' && c <= '~'; });
    if (identity.subject.empty() || identity.subject.size() > subject_characters_max || !is_ascii) {
        return refused("The ID token does not say who signed in.");
    }
    const json::value* is_verified = claims.if_contains("email_verified");
    if (is_verified != nullptr && *is_verified == json::value(true)) {
        identity.email = email_lookup(text_in(claims, "email").value_or(""));
    }
    return identity;
}

}  // namespace

std::optional<std::string> kid_of(std::string_view token) {
    const auto parts = parts_of(token);
    const auto header = parts ? object_in(parts.value().header) : Result<json::object>(refused(""));
    return header ? text_in(header.value(), "kid") : std::nullopt;
}

Result<Identity> verify_id_token(std::string_view token, const KeySet& keys,
                                 const IdTokenTerms& terms) {
    SILLAGE_TRY(const Parts parts, parts_of(token));
    SILLAGE_TRY(const json::object header, object_in(parts.header));
    SILLAGE_TRY(const SignatureAlgorithm algorithm, algorithm_in(header));
    if (header.if_contains("kid") != nullptr && !text_in(header, "kid")) {
        return refused("The ID token names its key by no text.");
    }
    const PublicKey* const key = keys.find(text_in(header, "kid"), algorithm);
    if (key == nullptr) {
        return refused("The ID token is signed by no key of the provider's.");
    }
    const auto signature = from_base64url(parts.signature);
    const std::string_view signed_bytes =
        token.substr(0, parts.header.size() + 1 + parts.payload.size());
    if (!signature || !key->has_signed(signed_bytes, *signature)) {
        return refused("The ID token's signature is wrong.");
    }
    SILLAGE_TRY(const json::object claims, object_in(parts.payload));
    if (text_in(claims, "iss") != terms.issuer) {
        return refused("The ID token is another issuer's.");
    }
    SILLAGE_TRY(check_audience(claims, terms.client_id));
    SILLAGE_TRY(check_times(claims, terms.now));
    if (terms.nonce.empty() || text_in(claims, "nonce") != terms.nonce) {
        return refused("The ID token was not asked for by this browser.");
    }
    return identity_in(claims, terms.issuer);
}

}  // namespace sillage::server
