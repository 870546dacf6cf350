#pragma once

/// The initialiser of a member that is a vector of a type not yet complete:
/// `std::vector<Field> properties SILLAGE_EMPTY;`. g++ wants one, or warns where designated
/// initialisers leave the member out; clang refuses any, since libstdc++ 12's vector is constexpr.
#ifdef __clang__
#define SILLAGE_EMPTY
#else
#define SILLAGE_EMPTY = {}
#endif
