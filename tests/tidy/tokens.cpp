#include "tests/tidy/tokens.hpp"

#include <algorithm>
#include <array>

namespace sillage::test {
namespace {

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Scanner {
  public:
    explicit Scanner(std::string_view source) : source_(source) {}

    Scan run() {
        while (at_ < source_.size()) {
            read_one();
        }
        return std::move(scan_);
    }

  private:
    [[nodiscard]] std::string_view rest() const { return source_.substr(at_); }
    [[nodiscard]] bool starts(std::string_view prefix) const { return rest().starts_with(prefix); }

    void read_one() {
        const char c = source_[at_];
        if (c == '\n') {
            end_line();
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\\') {
            ++at_;
        } else if (starts("//") || starts("/*")) {
            read_comment();
        } else if (c == '#' && !in_directive_) {
            read_directive();
        } else if (c == '"') {
            read_text();
        } else if (c == '\'') {
            read_character();
        } else if (is_word_character(c)) {
            read_word();
        } else {
            read_mark();
        }
    }

    void end_line() {
        // A directive goes on behind a backslash.
        in_directive_ = in_directive_ && at_ > 0 && source_[at_ - 1] == '\\';
        ++line_;
        ++at_;
    }

    void add(TokenKind kind, std::string_view text, std::size_t line) {
        scan_.tokens.push_back(Token{
            .kind = kind, .text = std::string(text), .line = line, .in_directive = in_directive_});
    }

    void read_comment() {
        const bool to_line_end = starts("//");
        const std::string_view close = to_line_end ? "\n" : "*/";
        std::size_t end = source_.find(close, at_ + 2);
        end = end == std::string_view::npos ? source_.size() : end;
        std::string_view body = source_.substr(at_ + 2, end - at_ - 2);
        for (std::size_t cut = body.find('\n'); cut != std::string_view::npos;
             cut = body.find('\n')) {
            scan_.comments.push_back({.text = std::string(body.substr(0, cut)), .line = line_});
            body.remove_prefix(cut + 1);
            ++line_;
        }
        scan_.comments.push_back({.text = std::string(body), .line = line_});
        at_ = to_line_end ? end : std::min(end + 2, source_.size());
    }

    void read_directive() {
        in_directive_ = true;
        ++at_;
        const std::string_view line = rest().substr(0, rest().find('\n'));
        const std::size_t open = line.find_first_of("\"<");
        const std::size_t close = line.find_first_of("\">", open + 1);
        if (line.starts_with("include") && open != std::string_view::npos &&
            close != std::string_view::npos) {
            scan_.includes.push_back({.path = std::string(line.substr(open + 1, close - open - 1)),
                                      .quoted = line[open] == '"',
                                      .line = line_});
            at_ += line.size();
        }
    }

    void read_text() {
        const std::size_t line = line_;
        const std::size_t begin = ++at_;
        while (at_ < source_.size() && source_[at_] != '"' && source_[at_] != '\n') {
            at_ += source_[at_] == '\\' ? 2U : 1U;
        }
        at_ = std::min(at_, source_.size());
        add(TokenKind::text, source_.substr(begin, at_ - begin), line);
        at_ += starts("\"") ? 1U : 0U;
    }

    void read_character() {
        const std::size_t begin = ++at_;
        while (at_ < source_.size() && source_[at_] != '\'' && source_[at_] != '\n') {
            at_ += source_[at_] == '\\' ? 2U : 1U;
        }
        at_ = std::min(at_, source_.size());
        add(TokenKind::number, source_.substr(begin, at_ - begin), line_);
        at_ += starts("'") ? 1U : 0U;
    }

    /// At the quote of `R"delimiter(`.
    void read_raw_text() {
        const std::size_t open = source_.find('(', at_);
        if (open == std::string_view::npos) {
            at_ = source_.size();
            return;
        }
        const std::string close = ")" + std::string(source_.substr(at_ + 1, open - at_ - 1)) + "\"";
        std::size_t end = source_.find(close, open);
        end = end == std::string_view::npos ? source_.size() : end;
        const std::string_view body = source_.substr(open + 1, end - open - 1);
        add(TokenKind::text, body, line_);
        line_ += static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n'));
        at_ = std::min(end + close.size(), source_.size());
    }

    void read_word() {
        const std::size_t begin = at_;
        const bool number = is_digit(source_[at_]);
        while (at_ < source_.size() &&
               (is_word_character(source_[at_]) || (number && is_inside_number()))) {
            ++at_;
        }
        const std::string_view word = source_.substr(begin, at_ - begin);
        constexpr std::array<std::string_view, 5> raw = {"R", "u8R", "uR", "UR", "LR"};
        if (starts("\"") && std::find(raw.begin(), raw.end(), word) != raw.end()) {
            read_raw_text();
        } else {
            add(number ? TokenKind::number : TokenKind::word, word, line_);
        }
    }

    /// `1'000` and `1.5` are one number each.
    [[nodiscard]] bool is_inside_number() const {
        return source_[at_] == '.' || (source_[at_] == '\'' && at_ + 1 < source_.size() &&
                                       is_word_character(source_[at_ + 1]));
    }

    void read_mark() {
        const bool two = starts("::") || starts("->") || starts("+=");
        add(TokenKind::mark, rest().substr(0, two ? 2 : 1), line_);
        at_ += two ? 2U : 1U;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    bool in_directive_ = false;
    Scan scan_;
};

}  // namespace

Scan scan_cpp(std::string_view source) { return Scanner(source).run(); }

}  // namespace sillage::test
