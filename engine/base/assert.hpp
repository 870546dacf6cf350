#pragma once

namespace sillage {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
}

/// On in every build: a broken contract aborts, since state is durable and dying is recovery.
/// Never for user input.
#define SILLAGE_ASSERT(condition) \
    ((condition) ? void() : ::sillage::assertion_failed(#condition, __FILE__, __LINE__))
