#include "server/http/negotiation.hpp"

#include <algorithm>
#include <optional>

#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// More elements than any client needs; the rest of a longer list is not looked at.
constexpr std::size_t elements_max = 32;

/// One element of a list with weights; thousandths, since `q` has at most three decimals.
struct Weighted {
    std::string name;
    int weight = 1000;
};

/// `0`, `1`, `0.5`, `0.333`, `1.000`: thousandths; nothing for other text (RFC 9110, 12.4.2).
std::optional<int> read_weight(std::string_view text) {
    if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1') ||
        (text.size() > 1 && text[1] != '.')) {
        return std::nullopt;
    }
    int weight = (text[0] - '0') * 1000;
    int unit = 100;
    for (const char digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        weight += (digit - '0') * unit;
        unit /= 10;
    }
    return weight <= 1000 ? std::optional<int>(weight) : std::nullopt;
}

/// The readable elements in their order, names in lower case, those with a bad weight left out.
std::vector<Weighted> read_list(std::string_view text) {
    std::vector<Weighted> list;
    const auto elements = split(text, ',');
    for (std::size_t index = 0; index < std::min(elements.size(), elements_max); ++index) {
        const auto parts = split(elements[index], ';');
        std::optional<int> weight = 1000;
        for (std::size_t part = 1; part < parts.size(); ++part) {
            if (to_lower(parts[part].substr(0, 2)) == "q=") {
                weight = read_weight(parts[part].substr(2));
            }
        }
        if (weight && !parts.front().empty()) {
            list.push_back(Weighted{.name = to_lower(parts.front()), .weight = *weight});
        }
    }
    return list;
}

bool is_language_tag(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// The weight an Accept list gives a media type; the most specific range decides.
int weight_of(const std::vector<Weighted>& ranges, std::string_view type) {
    const std::string group = std::string(type.substr(0, type.find('/'))) + "/*";
    for (const std::string_view name : {type, std::string_view(group), std::string_view("*/*")}) {
        const auto found = std::ranges::find(ranges, name, &Weighted::name);
        if (found != ranges.end()) {
            return found->weight;
        }
    }
    return 0;
}

}  // namespace

std::vector<std::string> accepted_languages(std::string_view accept_language) {
    std::vector<Weighted> list = read_list(accept_language);
    std::erase_if(list, [](const Weighted& element) {
        return element.weight == 0 || !is_language_tag(element.name);
    });
    std::ranges::stable_sort(list, std::ranges::greater{}, &Weighted::weight);
    std::vector<std::string> tags;
    for (Weighted& element : list) {
        tags.push_back(std::move(element.name));
    }
    return tags;
}

std::string_view choose_media_type(std::string_view accept,
                                   std::span<const std::string_view> offered) {
    if (trim(accept).empty()) {
        return offered.empty() ? std::string_view{} : offered.front();
    }
    const std::vector<Weighted> ranges = read_list(accept);
    std::string_view best;
    int best_weight = 0;
    for (const std::string_view type : offered) {
        const int weight = weight_of(ranges, type);
        if (weight > best_weight) {
            best = type;
            best_weight = weight;
        }
    }
    return best;
}

}  // namespace sillage::server
