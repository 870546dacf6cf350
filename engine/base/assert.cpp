#include "engine/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace sillage {

void assertion_failed(const char* condition, const char* file, int line) {
    std::fputs("sillage: broken contract: ", stderr);
    std::fputs(condition, stderr);
    std::fputs(" at ", stderr);
    std::fputs(file, stderr);
    std::fputs(":", stderr);
    // Without printf: it may allocate, and this may run when memory is the thing that broke.
    char digits[12];
    int at = 11;
    digits[at] = '\0';
    for (int rest = line; rest > 0 && at > 0; rest /= 10) {
        digits[--at] = static_cast<char>('0' + rest % 10);
    }
    std::fputs(digits + at, stderr);
    std::fputs("\n", stderr);
    std::abort();
}

}  // namespace sillage
