#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/ids.hpp"
#include "server/auth/allowances.hpp"
#include "server/auth/holders.hpp"
#include "server/drawing/layouts.hpp"
#include "server/gate/gate.hpp"
#include "server/routes/delivery_door.hpp"
#include "server/routes/running_keys.hpp"

namespace sillage::server {

/// A sandbox's clock, as far as its route needs it.
struct SandboxDoor {
    struct Advanced {
        Instant now = {};
        std::size_t fired = 0;
    };
    [[nodiscard]] bool is_open() const { return static_cast<bool>(advance); }

    std::function<Instant()> now = {};
    /// Where a duration from now leads. Errors: invalid_argument.
    std::function<Result<Instant>(std::string_view)> after = {};
    /// Moves the clock there and fires what falls due. Errors: invalid_argument: in the past.
    std::function<net::awaitable<Result<Advanced>>(Instant)> advance = {};
};

/// A page that is made once, at the start.
struct SitePage {
    /// Ex. `text/html; charset=utf-8`.
    std::string media_type = {};
    std::string body = {};
    std::string etag = {};
    /// True: its address changes with its content.
    bool is_immutable = false;
};

/// By path. Ex. `/openapi.json`.
using Site = std::map<std::string, SitePage, std::less<>>;

/// The setting that holds the kept_code of the one-time set-up code; empty once there is an
/// administrator.
inline constexpr std::string_view setup_code_setting = "setup_code";

class LoginDesk;
class Hub;
struct Metrics;

/// What routes work with; wired by `app`, outlives every request.
struct Services {
    Gate& gate;
    /// Fills the bytes with chance that nobody can guess. Called on the engine's thread.
    std::function<void(std::span<std::uint8_t>)> random;
    /// Never null.
    std::unique_ptr<Holders> holders = std::make_unique<Holders>();
    std::unique_ptr<Allowances> allowances = std::make_unique<Allowances>();
    std::unique_ptr<RunningKeys> running_keys = std::make_unique<RunningKeys>();
    std::unique_ptr<Layouts> layouts = std::make_unique<Layouts>();
    /// Links, cookies and providers by which browsers get in; null: none do.
    std::shared_ptr<LoginDesk> login = nullptr;
    /// Tells the log as it grows; null: nobody can listen. Outlives every request.
    Hub* hub = nullptr;
    /// What the server counts of itself; null: nothing.
    const Metrics* metrics = nullptr;
    /// SHA-256 of the token that they are read with; empty: whoever is on this machine reads them.
    std::string metrics_hash = {};
    /// Not open unless this is a sandbox.
    SandboxDoor sandbox = {};
    /// Where this server is found, as configured. Ex. `https://sillage.example.org`; or empty.
    std::string origin = {};
    /// Not open where this process answers a command of the operator's: nothing is sent then.
    DeliveryDoor deliveries = {};
    Site site = {};

    template <class Tag>
    [[nodiscard]] Id<Tag> new_id(Instant now) const {
        Entropy entropy{};
        random(entropy);
        return make_id<Tag>(now, entropy);
    }
};

}  // namespace sillage::server
