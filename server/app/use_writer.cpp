#include "server/app/use_writer.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

#include "engine/runtime/runtime.hpp"

namespace sillage::server {
namespace {

/// Chosen: one write a minute costs nothing, and a crash forgets no more than that.
constexpr std::chrono::minutes pause{1};

/// Of many who come in the morning, so many accounts in one transaction: milliseconds.
constexpr std::size_t uses_max = 500;

Result<void> keep(Runtime& runtime, const std::vector<CredentialUse>& uses, Instant now) {
    std::optional<Error> failure;
    const auto work = [&](Work& writer) {
        const auto kept = keep_uses(writer.transaction(), uses, now);
        if (!kept) {
            failure = kept.error();
        }
        return Answer{.status = failure ? 500 : 200};
    };
    SILLAGE_TRY(runtime.perform(std::nullopt, work));
    if (failure) {
        return *std::move(failure);
    }
    return success();
}

}  // namespace

net::awaitable<Result<std::size_t>> write_due_uses(Gate& gate, Holders& holders, Instant now) {
    const std::vector<CredentialUse> due = holders.take_due_uses();
    for (std::size_t begin = 0; begin < due.size(); begin += uses_max) {
        const std::size_t end = std::min(begin + uses_max, due.size());
        const std::vector<CredentialUse> some(due.begin() + static_cast<std::ptrdiff_t>(begin),
                                              due.begin() + static_cast<std::ptrdiff_t>(end));
        auto write = [&](Runtime& runtime) { return keep(runtime, some, now); };
        SILLAGE_CO_TRY(co_await gate.run(write));
    }
    co_return due.size();
}

net::awaitable<void> write_uses(Gate& gate, Holders& holders, Clock clock, Log log) {
    net::steady_timer timer(co_await net::this_coro::executor);
    for (;;) {
        timer.expires_after(pause);
        co_await timer.async_wait(net::use_awaitable);
        const Instant now = clock();
        const Result<std::size_t> written = co_await write_due_uses(gate, holders, now);
        if (!written) {
            log("uses_lost", {{"code", name_of(written.error().code)}});
        }
    }
}

}  // namespace sillage::server
