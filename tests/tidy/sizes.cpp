#include <algorithm>
#include <string_view>

#include "tests/tidy/functions.hpp"
#include "tests/tidy/rules.hpp"

namespace sillage::test {
namespace {

// The figures of section 3 of the house style, which says why each is what it is.
constexpr std::size_t source_lines_max = 500;
constexpr std::size_t header_lines_max = 300;
constexpr std::size_t function_lines_max = 60;
constexpr std::size_t test_case_lines_max = 50;
constexpr std::size_t code_columns_max = 100;
constexpr std::size_t prose_columns_max = 140;
constexpr std::size_t parameters_max = 4;
constexpr std::size_t nesting_max = 3;

class Sizes {
  public:
    explicit Sizes(const SourceFile& file) : file_(file) {}

    void check(std::size_t line, std::string_view what, std::size_t value, std::size_t most) {
        if (value > most) {
            findings_.push_back({"size", file_.path, line,
                                 std::string(what) + ": " + std::to_string(value) +
                                     ", never above " + std::to_string(most)});
        }
    }
    Findings take() { return std::move(findings_); }

  private:
    const SourceFile& file_;
    Findings findings_;
};

/// Columns are characters, so every byte but the continuations of UTF-8.
std::size_t columns_of(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

/// 0: lines of this file may have any length (data, golden outputs).
std::size_t columns_max_of(const SourceFile& file) {
    if (file.path.ends_with(".md")) {
        return prose_columns_max;
    }
    const bool code = file.is_cpp() || file.path.ends_with(".sh") ||
                      file.path.ends_with(".cmake") || file.path.ends_with("CMakeLists.txt");
    return code ? code_columns_max : 0;
}

void check_lines(const SourceFile& file, Sizes& sizes) {
    const std::size_t most = columns_max_of(file);
    for (std::size_t index = 0; most > 0 && index < file.lines.size(); ++index) {
        const std::string& line = file.lines[index];
        // A row of a Markdown table cannot be broken.
        if (!file.path.ends_with(".md") || !line.starts_with('|')) {
            sizes.check(index + 1, "columns", columns_of(line), most);
        }
    }
    if (file.is_cpp()) {
        sizes.check(1, "lines of this file", file.lines.size(),
                    file.is_header() ? header_lines_max : source_lines_max);
    }
}

void check_functions(const SourceFile& file, Sizes& sizes) {
    for (const Function& function : functions_in(file.scan)) {
        const std::size_t most = function.is_test_case ? test_case_lines_max : function_lines_max;
        sizes.check(function.line, "lines of " + function.name, function.line_count, most);
        sizes.check(function.line, "parameters of " + function.name, function.parameter_count,
                    parameters_max);
        sizes.check(function.line, "nesting in " + function.name, function.nesting, nesting_max);
    }
}

}  // namespace

Findings check_sizes(const Tree& tree) {
    Findings findings;
    for (const SourceFile& file : tree.files) {
        Sizes sizes(file);
        check_lines(file, sizes);
        check_functions(file, sizes);
        const Findings more = sizes.take();
        findings.insert(findings.end(), more.begin(), more.end());
    }
    return findings;
}

}  // namespace sillage::test
