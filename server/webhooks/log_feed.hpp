#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "engine/store/delivery.hpp"
#include "server/auth/account.hpp"
#include "server/hooks/subscription.hpp"

namespace sillage::server {

/// Webhooks that are not deleted.
using Subscriptions = std::vector<Subscription>;

/// What a look at the log gave.
struct Fed {
    /// When they are not those that were told; null: they are.
    std::shared_ptr<const Subscriptions> subscriptions = nullptr;
    /// Without numbers, in the order in which they are to go.
    std::vector<Delivery> deliveries = {};
    /// How far the log was read.
    std::uint64_t position = 0;
    /// There may be more.
    bool is_cut_short = false;
};

/// What a look at the log begins with.
struct LogLook {
    std::uint64_t position = 0;
    /// When deliveries are made.
    Instant now = {};
    /// What was given before and has been taken in; null: nothing yet.
    const Subscriptions* told = nullptr;
};

/// Makes deliveries of the log's entries, each cut to what the webhook's account may see. On the
/// engine's thread.
class LogFeed {
  public:
    /// `base_url`: where the server is found, without a slash at its end.
    explicit LogFeed(std::string base_url) : base_url_(std::move(base_url)) {}

    /// The next piece of the log. Errors: those of the store.
    [[nodiscard]] Result<Fed> look(Runtime& runtime, const LogLook& look);

  private:
    struct Reading;

    Result<void> load(Reader& reader);

    const std::string base_url_;
    std::optional<std::uint64_t> revision_;  ///< of the registry, when they were loaded
    std::shared_ptr<const Subscriptions> subscriptions_;
    /// Where each begins: entries up to there are none of its business.
    std::map<std::string, std::uint64_t> starts_;
    std::map<std::string, Account> accounts_;
};

}  // namespace sillage::server
