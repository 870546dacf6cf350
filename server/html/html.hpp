#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace sillage::server {

/// An attribute of an element; its value is escaped when it is written.
struct Attribute {
    std::string_view name = {};
    std::string_view value = {};
};

/// HTML that grows element by element. Whatever is text is escaped here and nowhere else, so that
/// no page can forget to.
class Html {
  public:
    /// The tag is a constant of ours, never text from elsewhere.
    Html& open(std::string_view tag, std::initializer_list<Attribute> attributes = {});
    /// The innermost open element.
    Html& close();
    Html& text(std::string_view text);
    /// An element with that text alone.
    Html& element(std::string_view tag, std::string_view text,
                  std::initializer_list<Attribute> attributes = {});
    /// Paragraphs, divided by empty lines; what stands between backticks is code.
    Html& prose(std::string_view text);
    /// An element without content. Ex. `meta`.
    Html& lone(std::string_view tag, std::initializer_list<Attribute> attributes);

    /// The document, every element closed.
    [[nodiscard]] std::string finish();

  private:
    void add_tag(std::string_view tag, std::initializer_list<Attribute> attributes);
    void add_escaped(std::string_view text);
    void add_inline(std::string_view paragraph);

    std::string text_ = "<!doctype html>\n";
    std::vector<std::string> open_ = {};
};

}  // namespace sillage::server
