#include "server/routes/oidc.hpp"

#include <algorithm>

#include "engine/base/hash.hpp"
#include "server/auth/session.hpp"
#include "server/routes/html_page.hpp"
#include "server/routes/login_desk.hpp"
#include "server/routes/login_session.hpp"
#include "server/routes/provider.hpp"

// Signing in by an OpenID provider: off to it, back from it, and which account that is.

namespace sillage::server {
namespace {

/// Holds the state in the browser that began: what comes back in another one is refused.
constexpr std::string_view state_cookie = "__Host-sillage-login";

std::string state_cookie_text(const std::string& state) {
    return std::string(state_cookie) + "=" + state +
           "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + (state.empty() ? "0" : "600");
}

/// The account that an identity was bound to.
std::string identity_setting(const Identity& identity) {
    return "identity:" + sha256_hex(identity.issuer + "\n" + identity.subject);
}
/// The identity of that issuer that an account was bound to.
std::string account_setting(const Identity& identity, const std::string& account) {
    return "identity_of:" + account + ":" + sha256_hex(identity.issuer);
}

Error no_account() {
    return Error{.code = ErrorCode::forbidden,
                 .message =
                     "No account here belongs to whom the provider names; ask your "
                     "programme's manager for one with your e-mail address."};
}

/// The account of the identity; at its first login the one that has its verified address, which
/// from then on is that identity's alone.
Result<Record> account_for(Work& work, const Identity& identity) {
    const std::string setting = identity_setting(identity);
    SILLAGE_TRY(const auto bound, work.view().setting(setting));
    if (bound) {
        return work.record(RecordKind::account, *bound);
    }
    SILLAGE_TRY(const auto account,
                work.view().record_by_lookup(RecordKind::account, identity.email));
    if (identity.email.empty() || !account) {
        return no_account();
    }
    const std::string own = account_setting(identity, account->id);
    SILLAGE_TRY(const auto other, work.view().setting(own));
    if (other) {
        return no_account();  // the address was given to another person since
    }
    SILLAGE_TRY(work.transaction().set(setting, account->id));
    SILLAGE_TRY(work.transaction().set(own, sha256_hex(identity.subject)));
    return *account;
}

Result<Response> signed_in(const Arrival& arrival, Runtime& runtime, const FinishedLogin& login) {
    std::optional<Error> refusal;
    std::optional<std::string> cookie;
    const auto sign_in = [&](Work& work) -> Result<std::string> {
        SILLAGE_TRY(const Record account, account_for(work, login.identity));
        const Account nobody;
        const Visit visit{
            .services = arrival.services, .request = arrival.request, .account = nobody};
        return put_session(visit, work, account);
    };
    const auto work = [&](Work& writer) {
        auto made = sign_in(writer);
        if (made) {
            cookie = std::move(made).value();
        } else {
            refusal = made.error();
        }
        return Answer{.status = refusal ? 400 : 200};
    };
    SILLAGE_TRY(runtime.perform(std::nullopt, work));
    if (refusal) {
        return *std::move(refusal);
    }
    Response response = redirect_to(login.return_to);
    response.headers.add("Set-Cookie", *cookie);
    response.headers.add("Set-Cookie", state_cookie_text(""));
    return response;
}

/// Of several, the first: browsers send a `__Host-` cookie once.
std::string state_presented(const Request& request) {
    std::string_view rest = request.headers.find("Cookie").value_or("");
    while (!rest.empty()) {
        std::string_view cookie = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
        cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
        const std::size_t sign = cookie.find('=');
        if (sign != std::string_view::npos && cookie.substr(0, sign) == state_cookie) {
            return std::string(cookie.substr(sign + 1));
        }
    }
    return "";
}

Error no_provider() {
    return Error{.code = ErrorCode::not_found,
                 .message = "No OpenID provider is configured (oidc_issuer)."};
}

net::awaitable<Result<Response>> begin(const Arrival& arrival) {
    const std::shared_ptr<Provider> provider = arrival.services.login->provider;
    if (!provider) {
        co_return no_provider();
    }
    std::string return_to(arrival.request.query_parameter("return_to").value_or("/"));
    SILLAGE_CO_TRY(const BegunLogin begun,
                   co_await provider->begin(std::move(return_to), arrival.request.now));
    Response response = redirect_to(begun.url);
    response.headers.add("Set-Cookie", state_cookie_text(begun.state));
    co_return response;
}

/// Providers add parameters of their own; those that are known decide.
net::awaitable<Result<Response>> finish(const Arrival& arrival) {
    const std::shared_ptr<Provider> provider = arrival.services.login->provider;
    if (!provider) {
        co_return no_provider();
    }
    const Request& request = arrival.request;
    const auto state = request.query_parameter("state");
    const auto code = request.query_parameter("code");
    const auto issuer = request.query_parameter("iss");
    if (!state || state->empty() || *state != state_presented(request)) {
        co_return Error{.code = ErrorCode::forbidden,
                        .message = "This login was begun in another browser, or not at all."};
    }
    if (!code || code->empty()) {
        co_return Error{.code = ErrorCode::forbidden,
                        .message = "The provider did not let you in."};
    }
    ReturnedLogin returned;
    returned.state = std::string(*state);
    returned.code = std::string(*code);
    if (issuer) {
        returned.issuer = std::string(*issuer);
    }
    SILLAGE_CO_TRY(const FinishedLogin login,
                   co_await provider->finish(std::move(returned), request.now));
    auto work = [&](Runtime& runtime) { return signed_in(arrival, runtime, login); };
    co_return co_await arrival.services.gate.run(work);
}

}  // namespace

std::vector<Route> oidc_routes() {
    return {{.method = Method::get,
             .pattern = "/login/oidc",
             .permission = Permission::open,
             .task = begin,
             .parameters = {"return_to"},
             .about = {.id = "begin_provider_login",
                       .summary = "Sign in by the configured OpenID provider",
                       .tag = "Sign-in",
                       .gives = {{.status = Status::see_other,
                                  .headers = {"Location", "Set-Cookie"},
                                  .media_types = {}}},
                       .refuses = {"not-found", "unavailable"}}},
            {.method = Method::get,
             .pattern = "/login/oidc/callback",
             .permission = Permission::open,
             .task = finish,
             .parameters = {"code", "state", "iss"},
             .about = {.id = "finish_provider_login",
                       .summary = "Come back from the OpenID provider",
                       .tag = "Sign-in",
                       .gives = {{.status = Status::see_other,
                                  .headers = {"Location", "Set-Cookie"},
                                  .media_types = {}}},
                       .refuses = {"not-found", "unauthorized", "role", "unavailable"}}}};
}

}  // namespace sillage::server
