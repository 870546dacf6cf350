#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace sillage::test {

/// The step between a coroutine and its value.
template <class T>
boost::asio::awaitable<void> keep(boost::asio::awaitable<T> work, std::optional<T>& result) {
    result.emplace(co_await std::move(work));
}

/// Runs one coroutine to its end and gives its value.
template <class T>
T await(boost::asio::awaitable<T> work) {
    boost::asio::io_context context;
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(context, keep(std::move(work), result),
                          [&](std::exception_ptr thrown) { failure = std::move(thrown); });
    context.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
    return std::move(result).value();
}

}  // namespace sillage::test
