#pragma once

#include <iosfwd>
#include <string>

namespace sillage::server {

/// What `sillage eval` was asked for.
struct EvalRequest {
    std::string expression = {};
    /// A JSON object whose members are names in the expression; empty: none.
    std::string context = {};
    /// Answers as in language.md, section 10, instead of for people.
    bool json = false;
};

/// Prints the expression's value. The exit status: 0, 1 for an error in or of the expression, 2
/// for a context that cannot be read.
[[nodiscard]] int eval_expression(const EvalRequest& request, std::ostream& out, std::ostream& err);

/// Answers each `{"expr":"…","context":{…}}` line with one line, flushed. A line that cannot be
/// read is answered `{"error":"…"}`, and reading goes on. The exit status: 0.
[[nodiscard]] int eval_lines(std::istream& in, std::ostream& out);

}  // namespace sillage::server
