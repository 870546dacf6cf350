#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "engine/base/result.hpp"

namespace sillage::test {

/// The error in its own words: what a failed `ok` prints.
inline std::string words_of(const Error& error) {
    std::string words = std::string(name_of(error.code)) + ": " + error.message;
    if (!error.where.empty()) {
        words += " (at " + error.where + ")";
    }
    for (const Reason& reason : error.reasons) {
        words += "\n  " + std::string(name_of(reason.code)) + ": " + reason.message;
    }
    return words;
}

/// The value, or the test ends in the error's own words.
template <class T>
T ok(Result<T> result) {
    if (!result) {
        FAIL(words_of(result.error()));
    }
    return std::move(result).value();
}
inline void ok(const Result<void>& result) {
    if (!result) {
        FAIL(words_of(result.error()));
    }
}

/// The error, or the test ends.
template <class T>
Error error_of(const Result<T>& result) {
    if (result) {
        FAIL("this was expected to be refused");
    }
    return result.error();
}

}  // namespace sillage::test
