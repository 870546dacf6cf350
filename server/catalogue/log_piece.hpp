#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/runtime/runtime.hpp"
#include "server/auth/account.hpp"

namespace sillage::server {

/// An entry of the log with all that telling of it needs.
struct LogPiece {
    Entry entry = {};
    Birth subject = {};
    /// What decided.
    DefinitionPointer definition = nullptr;
};

/// Where the entry's instance lies.
[[nodiscard]] Scope scope_of(const LogPiece& piece);

/// The pieces of entries that were read from the log. Entries of one instance cost one look-up.
/// Errors: those of the store; corrupt: an entry of no instance.
[[nodiscard]] Result<std::vector<LogPiece>> pieces_of(Reader& reader, std::vector<Entry> entries);

/// The pieces after a position of the log, oldest first, at most `limit`; only what is durable.
[[nodiscard]] Result<std::vector<LogPiece>> log_after(Reader& reader, std::uint64_t position,
                                                      std::size_t limit);

/// An account as it reads the log of one instance.
struct Addressee {
    Call call = {};
    /// Is told what steps started and sent.
    bool with_effects = false;
    /// Is told what evaluators wrote in fields without `visible_to`.
    bool with_sheets = false;
};

/// The account as it reads the piece. Nothing: it may not know of the instance.
[[nodiscard]] std::optional<Addressee> addressee_of(const LogPiece& piece, const Account& account);

/// The same text for addressees who are told the same of the piece.
[[nodiscard]] std::string audience_key(const LogPiece& piece, const Addressee& addressee);

}  // namespace sillage::server
