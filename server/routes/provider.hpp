#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "server/auth/id_token.hpp"
#include "server/outward/fetcher.hpp"

// Signing in by an OpenID provider: the code flow with PKCE (OpenID Connect Core, 3.1; RFC 7636;
// RFC 9207; RFC 9700). What a provider is asked to do and what it answered are held together by a
// state that is good once, in one browser, for ten minutes.

namespace sillage::server {

struct ProviderSettings {
    std::string issuer = {};
    std::string client_id = {};
    std::string client_secret = {};  ///< empty: a public client
    /// Where the provider sends browsers back to, to the letter.
    std::string redirect_uri = {};
    /// Lets its endpoints be http:// addresses of this machine.
    bool insecure_loopback = false;
};

/// A login that was begun.
struct BegunLogin {
    std::string url = {};    ///< where the browser goes
    std::string state = {};  ///< what it must come back with, and keep in a cookie
};

/// What a browser came back with.
struct ReturnedLogin {
    std::string state = {};
    std::string code = {};
    std::optional<std::string> issuer = {};  ///< RFC 9207
};

/// Who signed in, and where on this server they wanted to go.
struct FinishedLogin {
    Identity identity = {};
    std::string return_to = {};
};

/// Logins under way. Chosen: far more than sign in at once; each is half a kilobyte.
inline constexpr std::size_t logins_max = 2'000;
inline constexpr Duration login_life{10LL * 60 * 1000};
/// What a provider says of itself is asked for anew after an hour, its keys also when a token names
/// one that is not known, once a minute at most.
inline constexpr Duration metadata_life{60LL * 60 * 1000};
inline constexpr Duration keys_pause{60LL * 1000};

/// Whether the path leads to a page of this server: `/`, letters, digits, `-`, `_`, `.` and single
/// slashes. Everything else is no return path.
[[nodiscard]] bool is_return_path(std::string_view path);

/// From any thread.
class Provider {
  public:
    using Fetch = std::function<net::awaitable<Result<Fetched>>(FetchRequest)>;
    using Random = std::function<void(std::span<std::uint8_t>)>;

    Provider(ProviderSettings settings, Fetch fetch, Random random);

    /// How people know it: the host that it is found at. Ex. `login.example.org`.
    [[nodiscard]] std::string host() const;

    /// Errors: unavailable: the provider does not answer, or not as it should; too many begin.
    [[nodiscard]] net::awaitable<Result<BegunLogin>> begin(std::string return_to, Instant now);
    /// Errors: unauthenticated: an unknown, used or old state, another issuer, a code that the
    ///         provider refuses, an ID token that is wrong; unavailable: as begin.
    [[nodiscard]] net::awaitable<Result<FinishedLogin>> finish(ReturnedLogin returned, Instant now);

  private:
    /// What the provider says of itself. Source: OpenID Connect Discovery, 3.
    struct Metadata {
        std::string authorization_endpoint = {};
        std::string token_endpoint = {};
        std::string jwks_uri = {};
        bool names_issuer = false;  ///< in what it sends back
        Instant at = {};
    };
    struct Pending {
        std::string nonce = {};
        std::string verifier = {};
        std::string return_to = {};
        Instant at = {};
    };
    struct Keys {
        KeySet set = {};
        Instant at = {};
    };

    [[nodiscard]] std::string chance() const;
    [[nodiscard]] bool is_endpoint(std::string_view url) const;
    [[nodiscard]] Result<Metadata> metadata_in(const Fetched& answer, Instant now) const;
    net::awaitable<Result<Metadata>> metadata(Instant now);
    net::awaitable<Result<std::shared_ptr<const Keys>>> keys(std::string token, Metadata metadata,
                                                             Instant now);
    [[nodiscard]] FetchRequest token_request(const Metadata& metadata, const std::string& code,
                                             const std::string& verifier) const;
    [[nodiscard]] std::optional<Pending> take(const std::string& state, Instant now);
    [[nodiscard]] Result<void> put(const std::string& state, Pending pending);

    const ProviderSettings settings_;
    const Fetch fetch_;
    const Random random_;
    std::mutex mutex_;  ///< guards what follows
    std::optional<Metadata> metadata_;
    std::shared_ptr<const Keys> keys_;
    std::map<std::string, Pending> pending_;
};

}  // namespace sillage::server
