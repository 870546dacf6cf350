#include "server/routes/provider.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "engine/base/json.hpp"
#include "server/auth/base64url.hpp"
#include "server/auth/token.hpp"

namespace sillage::server {
namespace {

namespace json = boost::json;

Error refused(std::string message) {
    return Error{.code = ErrorCode::unauthenticated, .message = std::move(message)};
}

Error unanswered(std::string message) {
    return Error{.code = ErrorCode::unavailable, .message = std::move(message)};
}

/// As a query or a form has it (RFC 3986, 2.3): all but the unreserved characters.
std::string encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                              c == '~';
        out += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

/// RFC 7636, 4.2.
std::string challenge_of(const std::string& verifier) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(verifier.data(), verifier.size(), digest.data(), &size, EVP_sha256(), nullptr);
    const void* generic = digest.data();
    return to_base64url({static_cast<const char*>(generic), size});
}

std::string base64(std::string_view bytes) {
    std::string text = to_base64url(bytes);
    std::ranges::replace(text, '-', '+');
    std::ranges::replace(text, '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

Result<json::object> object_in(const Fetched& answer) {
    auto value = parse_json(answer.body);
    if (answer.status != 200 || !value || !value.value().is_object()) {
        return unanswered(
            fmt::format("The provider answered {}, and nothing that can be read.", answer.status));
    }
    return std::move(value.value().get_object());
}

std::string text_in(const json::object& object, std::string_view name) {
    const json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

}  // namespace

bool is_return_path(std::string_view path) {
    const auto belongs = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '/';
    };
    constexpr std::size_t characters_max = 512;
    return path.starts_with('/') && path.size() <= characters_max &&
           path.find("//") == std::string_view::npos && path.find("..") == std::string_view::npos &&
           std::ranges::all_of(path, belongs);
}

Provider::Provider(ProviderSettings settings, Fetch fetch, Random random)
    : settings_(std::move(settings)), fetch_(std::move(fetch)), random_(std::move(random)) {}

std::string Provider::chance() const {
    std::array<std::uint8_t, token_bytes> bytes{};
    random_(bytes);
    const void* generic = bytes.data();
    return to_base64url({static_cast<const char*>(generic), bytes.size()});
}

bool Provider::is_endpoint(std::string_view url) const {
    const bool is_local = url.starts_with("http://127.0.0.1:") ||
                          url.starts_with("http://localhost:") || url.starts_with("http://[::1]:");
    return url.starts_with("https://") || (settings_.insecure_loopback && is_local);
}

Result<Provider::Metadata> Provider::metadata_in(const Fetched& answer, Instant now) const {
    SILLAGE_TRY(const json::object said, object_in(answer));
    Metadata metadata{.authorization_endpoint = text_in(said, "authorization_endpoint"),
                      .token_endpoint = text_in(said, "token_endpoint"),
                      .jwks_uri = text_in(said, "jwks_uri"),
                      .at = now};
    const json::value* names = said.if_contains("authorization_response_iss_parameter_supported");
    metadata.names_issuer = names != nullptr && *names == json::value(true);
    if (text_in(said, "issuer") != settings_.issuer ||
        !is_endpoint(metadata.authorization_endpoint) || !is_endpoint(metadata.token_endpoint) ||
        !is_endpoint(metadata.jwks_uri)) {
        return unanswered("The provider says that it is another, or has no address over TLS.");
    }
    return metadata;
}

std::string Provider::host() const {
    const std::size_t begin = settings_.issuer.find("://");
    const std::string_view rest =
        std::string_view(settings_.issuer).substr(begin == std::string::npos ? 0 : begin + 3);
    return std::string(rest.substr(0, rest.find('/')));
}

net::awaitable<Result<Provider::Metadata>> Provider::metadata(Instant now) {
    {
        const std::lock_guard lock(mutex_);
        if (metadata_ && now - metadata_->at < metadata_life) {
            co_return *metadata_;
        }
    }
    FetchRequest request;
    request.url = settings_.issuer + (settings_.issuer.ends_with('/') ? "" : "/") +
                  ".well-known/openid-configuration";
    SILLAGE_CO_TRY(const Fetched answer, co_await fetch_(std::move(request)));
    SILLAGE_CO_TRY(const Metadata fresh, metadata_in(answer, now));
    const std::lock_guard lock(mutex_);
    metadata_ = fresh;
    co_return fresh;
}

Result<void> Provider::put(const std::string& state, Pending pending) {
    const std::lock_guard lock(mutex_);
    if (pending_.size() >= logins_max) {
        const Instant now = pending.at;
        std::erase_if(pending_,
                      [&](const auto& entry) { return now - entry.second.at >= login_life; });
    }
    if (pending_.size() >= logins_max) {
        return unanswered("Too many sign in at once; try again in a moment.");
    }
    pending_.emplace(state, std::move(pending));
    return success();
}

std::optional<Provider::Pending> Provider::take(const std::string& state, Instant now) {
    const std::lock_guard lock(mutex_);
    auto found = pending_.extract(state);
    if (found.empty() || now - found.mapped().at >= login_life) {
        return std::nullopt;
    }
    return std::move(found.mapped());
}

net::awaitable<Result<BegunLogin>> Provider::begin(std::string return_to, Instant now) {
    SILLAGE_CO_TRY(const Metadata metadata, co_await this->metadata(now));
    BegunLogin begun;
    begun.state = chance();
    Pending pending;
    pending.nonce = chance();
    pending.verifier = chance();
    pending.return_to = is_return_path(return_to) ? std::move(return_to) : std::string("/");
    pending.at = now;
    const std::string& endpoint = metadata.authorization_endpoint;
    begun.url =
        endpoint + (endpoint.find('?') == std::string::npos ? "?" : "&") +
        "response_type=code&scope=openid%20email&client_id=" + encoded(settings_.client_id) +
        "&redirect_uri=" + encoded(settings_.redirect_uri) + "&state=" + begun.state +
        "&nonce=" + pending.nonce + "&code_challenge=" + challenge_of(pending.verifier) +
        "&code_challenge_method=S256";
    SILLAGE_CO_TRY(put(begun.state, std::move(pending)));
    co_return begun;
}

FetchRequest Provider::token_request(const Metadata& metadata, const std::string& code,
                                     const std::string& verifier) const {
    FetchRequest request;
    request.url = metadata.token_endpoint;
    request.headers = {"Content-Type: application/x-www-form-urlencoded",
                       "Accept: application/json"};
    request.body = "grant_type=authorization_code&code=" + encoded(code) +
                   "&redirect_uri=" + encoded(settings_.redirect_uri) +
                   "&code_verifier=" + encoded(verifier);
    if (settings_.client_secret.empty()) {
        request.body += "&client_id=" + encoded(settings_.client_id);
    } else {
        request.headers.push_back(
            "Authorization: Basic " +
            base64(encoded(settings_.client_id) + ":" + encoded(settings_.client_secret)));
    }
    return request;
}

net::awaitable<Result<std::shared_ptr<const Provider::Keys>>> Provider::keys(std::string token,
                                                                             Metadata metadata,
                                                                             Instant now) {
    std::shared_ptr<const Keys> known;
    {
        const std::lock_guard lock(mutex_);
        known = keys_;
    }
    const std::optional<std::string> kid = kid_of(token);
    const bool has_it = known && (!kid || known->set.has(*kid));
    const bool may_ask = !known || now - known->at >= (has_it ? metadata_life : keys_pause);
    if (!may_ask) {
        co_return known;
    }
    FetchRequest request;
    request.url = metadata.jwks_uri;
    SILLAGE_CO_TRY(const Fetched answer, co_await fetch_(std::move(request)));
    if (answer.status != 200) {
        co_return unanswered("The provider does not give its keys.");
    }
    SILLAGE_CO_TRY(KeySet set, KeySet::read(answer.body));
    const auto fresh = std::make_shared<const Keys>(Keys{std::move(set), now});
    const std::lock_guard lock(mutex_);
    keys_ = fresh;
    co_return fresh;
}

net::awaitable<Result<FinishedLogin>> Provider::finish(ReturnedLogin returned, Instant now) {
    const std::optional<Pending> pending = take(returned.state, now);
    if (!pending) {
        co_return refused("This login was not begun here, was finished already or is too old.");
    }
    SILLAGE_CO_TRY(const Metadata metadata, co_await this->metadata(now));
    if (returned.issuer ? *returned.issuer != settings_.issuer : metadata.names_issuer) {
        co_return refused("Another provider has answered than was asked.");
    }
    FetchRequest request = token_request(metadata, returned.code, pending->verifier);
    SILLAGE_CO_TRY(const Fetched answer, co_await fetch_(std::move(request)));
    if (answer.status >= 400 && answer.status < 500) {
        co_return refused("The provider does not take its code.");
    }
    SILLAGE_CO_TRY(const json::object tokens, object_in(answer));
    const std::string token = text_in(tokens, "id_token");
    SILLAGE_CO_TRY(const std::shared_ptr<const Keys> keys,
                   co_await this->keys(token, metadata, now));
    IdTokenTerms terms;
    terms.issuer = settings_.issuer;
    terms.client_id = settings_.client_id;
    terms.nonce = pending->nonce;
    terms.now = now;
    FinishedLogin finished;
    SILLAGE_CO_TRY(finished.identity, verify_id_token(token, keys->set, terms));
    finished.return_to = pending->return_to;
    co_return finished;
}

}  // namespace sillage::server
