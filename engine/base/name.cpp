#include "engine/base/name.hpp"

namespace sillage {

Name::Name(std::string text) {
    if (!text.empty()) {
        shared_ = new Shared{.text = std::move(text)};
    }
}

const std::string& Name::nothing() {
    static const std::string empty;
    return empty;
}

}  // namespace sillage
