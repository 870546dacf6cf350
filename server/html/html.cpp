#include "server/html/html.hpp"

#include "engine/base/assert.hpp"

namespace sillage::server {

void Html::add_escaped(std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                text_ += "&amp;";
                break;
            case '<':
                text_ += "&lt;";
                break;
            case '>':
                text_ += "&gt;";
                break;
            case '"':
                text_ += "&quot;";
                break;
            case '\'':
                text_ += "&#39;";
                break;
            default:
                text_ += c;
        }
    }
}

void Html::add_tag(std::string_view tag, std::initializer_list<Attribute> attributes) {
    text_.append("<").append(tag);
    for (const auto& [name, value] : attributes) {
        text_.append(" ").append(name).append("=\"");
        add_escaped(value);
        text_.append("\"");
    }
    text_.append(">");
}

Html& Html::open(std::string_view tag, std::initializer_list<Attribute> attributes) {
    add_tag(tag, attributes);
    open_.emplace_back(tag);
    return *this;
}

Html& Html::close() {
    SILLAGE_ASSERT(!open_.empty());
    text_.append("</").append(open_.back()).append(">");
    if (open_.back() != "code" && open_.back() != "a") {
        text_ += '\n';
    }
    open_.pop_back();
    return *this;
}

Html& Html::text(std::string_view text) {
    add_escaped(text);
    return *this;
}

Html& Html::element(std::string_view tag, std::string_view text,
                    std::initializer_list<Attribute> attributes) {
    return open(tag, attributes).text(text).close();
}

Html& Html::lone(std::string_view tag, std::initializer_list<Attribute> attributes) {
    add_tag(tag, attributes);
    return *this;
}

void Html::add_inline(std::string_view paragraph) {
    for (;;) {
        const std::size_t begin = paragraph.find('`');
        const std::size_t end =
            begin == std::string_view::npos ? begin : paragraph.find('`', begin + 1);
        if (end == std::string_view::npos) {
            text(paragraph);
            return;
        }
        text(paragraph.substr(0, begin));
        element("code", paragraph.substr(begin + 1, end - begin - 1));
        paragraph.remove_prefix(end + 1);
    }
}

Html& Html::prose(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find("\n\n");
        open("p");
        add_inline(text.substr(0, end));
        close();
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    }
    return *this;
}

std::string Html::finish() {
    while (!open_.empty()) {
        close();
    }
    return std::move(text_);
}

}  // namespace sillage::server
