#include "engine/formats/detail/cel_rename.hpp"

#include <cstddef>
#include <utility>

namespace sillage {
namespace {

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Walks an expression and copies it, token by token.
class Renamer {
  public:
    Renamer(std::string_view text, const CelNames& names) : text_(text), names_(names) {}

    [[nodiscard]] std::string rename() {
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"' || c == '\'') {
                take(end_of_string() - at_);
            } else if (is_word_char(c)) {
                take_word();
            } else {
                take(1);
            }
        }
        return std::move(result_);
    }

  private:
    void take(std::size_t count) {
        result_ += text_.substr(at_, count);
        at_ += count;
    }

    [[nodiscard]] char next_sign(std::size_t from) const {
        const std::size_t at = text_.find_first_not_of(" \t\r\n", from);
        return at == std::string_view::npos ? '\0' : text_[at];
    }

    [[nodiscard]] bool is_member() const {
        const std::size_t before = result_.find_last_not_of(" \t\r\n");
        return before != std::string::npos && result_[before] == '.';
    }

    void take_word() {
        std::size_t end = at_;
        while (end < text_.size() && is_word_char(text_[end])) {
            ++end;
        }
        const std::string_view word = text_.substr(at_, end - at_);
        const bool is_called = next_sign(end) == '(';
        const auto variable = names_.variables.find(word);
        if (end < text_.size() && (text_[end] == '"' || text_[end] == '\'')) {
            is_raw_ = word.find_first_of("rR") != std::string_view::npos;
            take(word.size());
        } else if (!is_member() && !is_called && variable != names_.variables.end()) {
            result_ += variable->second;
            at_ = end;
        } else {
            take(word.size());
            if (word == "In" && is_called) {
                take_state();
            }
        }
    }

    /// `('id')` after `In`; whatever else stands there is left to the walk.
    void take_state() {
        const std::size_t quote = text_.find_first_not_of(" \t\r\n(", at_);
        if (quote == std::string_view::npos || (text_[quote] != '\'' && text_[quote] != '"')) {
            return;
        }
        const std::size_t end = text_.find(text_[quote], quote + 1);
        if (end == std::string_view::npos) {
            return;
        }
        const auto state = names_.states.find(text_.substr(quote + 1, end - quote - 1));
        if (state != names_.states.end()) {
            result_ += std::string(text_.substr(at_, quote + 1 - at_)) + state->second;
            result_ += text_[end];
            at_ = end + 1;
        }
    }

    /// The byte after the string that opens here, or the end of the text.
    [[nodiscard]] std::size_t end_of_string() {
        const bool raw = std::exchange(is_raw_, false);
        const std::string triple(3, text_[at_]);
        const bool is_triple = text_.substr(at_, 3) == triple;
        const std::string_view close = is_triple ? triple : text_.substr(at_, 1);
        for (std::size_t i = at_ + close.size(); i < text_.size(); ++i) {
            if (text_[i] == '\\' && !raw) {
                ++i;
            } else if (text_.substr(i, close.size()) == close) {
                return i + close.size();
            }
        }
        return text_.size();
    }

    std::string_view text_;
    const CelNames& names_;
    std::size_t at_ = 0;
    bool is_raw_ = false;
    std::string result_;
};

}  // namespace

std::string renamed(std::string_view expression, const CelNames& names) {
    return Renamer(expression, names).rename();
}

}  // namespace sillage
