#pragma once

#include <boost/outcome/std_result.hpp>
#include <boost/outcome/try.hpp>

#include "engine/base/error.hpp"

namespace sillage {

/// A value or an Error. Returned by everything that user input, storage or a peer can make fail.
template <class T>
using Result = boost::outcome_v2::std_checked<T, Error>;

/// The success of a Result<void>.
inline auto success() { return boost::outcome_v2::success(); }

}  // namespace sillage

/// `SILLAGE_TRY(auto x, f())` or `SILLAGE_TRY(f())`: goes on with the value, or returns the error.
#define SILLAGE_TRY(...) BOOST_OUTCOME_TRY(__VA_ARGS__)

/// The same inside a coroutine.
#define SILLAGE_CO_TRY(...) BOOST_OUTCOME_CO_TRY(__VA_ARGS__)
