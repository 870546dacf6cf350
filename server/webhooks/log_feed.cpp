#include "server/webhooks/log_feed.hpp"

#include <algorithm>

#include "server/auth/stored_account.hpp"
#include "server/catalogue/rendered.hpp"

namespace sillage::server {
namespace {

/// Entries that one look reads, shared by the webhooks: some milliseconds of the engine's thread.
constexpr std::size_t entries_max = 64;
constexpr std::size_t webhooks_per_entry = 8;
constexpr std::size_t records_page = 200;

std::vector<Rendered> rendered_for(const LogPiece& piece, const Addressee& addressee,
                                   std::string_view base_url) {
    std::vector<Rendered> out;
    for (const CloudEvent& event : events_for(piece, addressee, base_url)) {
        out.push_back(rendered(event));
    }
    return out;
}

}  // namespace

/// One look.
struct LogFeed::Reading {
    LogFeed& feed;
    Fed fed = {};

    void tell(const LogPiece& piece, Instant now) {
        std::map<std::string, std::vector<Rendered>> by_audience;
        for (const Subscription& subscription : *feed.subscriptions_) {
            const auto account = feed.accounts_.find(subscription.account);
            const bool is_elsewhere =
                !subscription.cluster.empty() && subscription.cluster != piece.subject.cluster;
            if (is_elsewhere || account == feed.accounts_.end() ||
                piece.entry.position <= feed.starts_.at(subscription.id)) {
                continue;
            }
            const auto addressee = addressee_of(piece, account->second);
            if (!addressee) {
                continue;
            }
            const auto [known, is_new] = by_audience.try_emplace(audience_key(piece, *addressee));
            if (is_new) {
                known->second = rendered_for(piece, *addressee, feed.base_url_);
            }
            for (const Rendered& event : known->second) {
                if (subscription.wants(event.type)) {
                    Delivery delivery = delivery_of(event, subscription, now);
                    delivery.instance = piece.entry.instance;
                    fed.deliveries.push_back(std::move(delivery));
                }
            }
        }
    }
};

Result<void> LogFeed::load(Reader& reader) {
    Subscriptions found;
    accounts_.clear();
    starts_.clear();
    std::string after;
    for (;;) {
        SILLAGE_TRY(const auto page,
                    reader.view().records(RecordFilter{
                        .kind = RecordKind::webhook, .after = after, .limit = records_page}));
        for (const Record& record : page) {
            Subscription subscription = subscription_of(record);
            after = record.id;
            if (subscription.is_deleted) {
                continue;
            }
            starts_[record.id] = record.body.at("start").to_number<std::uint64_t>();
            SILLAGE_TRY(auto account, account_with_id(reader, subscription.account));
            if (account) {
                accounts_.emplace(subscription.account, *std::move(account));
            }
            found.push_back(std::move(subscription));
        }
        if (page.size() < records_page) {
            break;
        }
    }
    if (subscriptions_ == nullptr || found != *subscriptions_) {
        subscriptions_ = std::make_shared<const Subscriptions>(std::move(found));
    }
    return success();
}

Result<Fed> LogFeed::look(Runtime& runtime, const LogLook& look) {
    std::uint64_t position = look.position;
    return runtime.read([&](Reader& reader) -> Result<Fed> {
        Reading reading{.feed = *this, .fed = {.position = position}};
        const std::uint64_t revision = runtime.store().registry_revision();
        if (revision_ != revision) {
            SILLAGE_TRY(load(reader));
            revision_ = revision;
        }
        reading.fed.subscriptions = subscriptions_.get() == look.told ? nullptr : subscriptions_;
        if (subscriptions_->empty()) {
            return std::move(reading.fed);
        }
        const auto first =
            std::ranges::min_element(starts_, {}, [](const auto& start) { return start.second; });
        position = std::max(position, first->second);
        const std::size_t limit = std::max<std::size_t>(
            1, entries_max / (1 + subscriptions_->size() / webhooks_per_entry));
        SILLAGE_TRY(const auto pieces, log_after(reader, position, limit));
        for (const LogPiece& piece : pieces) {
            reading.tell(piece, look.now);
            position = piece.entry.position;
        }
        reading.fed.position = position;
        reading.fed.is_cut_short = pieces.size() == limit;
        return std::move(reading.fed);
    });
}

}  // namespace sillage::server
