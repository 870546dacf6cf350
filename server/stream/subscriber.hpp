#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/auth/holders.hpp"
#include "server/catalogue/log_piece.hpp"
#include "server/stream/outlet.hpp"

namespace sillage::server {

/// Which entries are told; empty members ask for nothing.
struct StreamFilter {
    std::string instance = {};
    std::string cohort = {};
    std::string cluster = {};
    std::string company = {};
    std::string workflow = {};
    /// An entry is told if it has an event of that type, and of its events only those.
    std::string type = {};

    bool operator==(const StreamFilter&) const = default;
};

/// Whether the piece is of the kind; of types nothing is asked here.
[[nodiscard]] bool admits(const StreamFilter& filter, const LogPiece& piece);

/// What somebody asks the hub for.
struct StreamRequest {
    StreamFilter filter = {};
    /// Goes on after that position; nothing: with what comes.
    std::optional<std::uint64_t> after = {};
    /// The account as it is at that time. On the engine's thread. Errors: as Holders::find.
    std::function<Result<AccountPointer>(Runtime&, Instant)> find = {};
    AccountPointer account = nullptr;
};

/// Somebody who listens; belongs to the hub's thread, but for the outlet.
struct Subscriber {
    StreamRequest asked = {};
    std::shared_ptr<Outlet> outlet = nullptr;
    /// Everything up to here was told, or was not for it.
    std::uint64_t position = 0;
    /// Told and not yet in the outlet.
    std::vector<SharedText> texts = {};
    /// Of these.
    std::size_t byte_count = 0;
};

}  // namespace sillage::server
