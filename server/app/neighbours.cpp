#include "server/app/neighbours.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace sillage::server {
namespace {

namespace fs = std::filesystem;

Error missing(std::string_view path) {
    return Error{.code = ErrorCode::not_found,
                 .message = "No file \"" + std::string(path) + "\" lies beside the document."};
}

bool lies_below(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
           folder.end();
}

Result<std::string> read_neighbour(const fs::path& folder, std::string_view path) {
    std::error_code error;
    const fs::path root = fs::canonical(folder, error);
    const fs::path found = error ? fs::path{} : fs::canonical(root / path, error);
    if (error || !lies_below(found, root) || !fs::is_regular_file(found, error)) {
        return missing(path);
    }
    std::ifstream file(found, std::ios::binary);
    std::string text(definition_bytes_max + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (!file && !file.eof())) {
        return missing(path);
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

}  // namespace

Neighbours neighbours_of(const std::string& file) {
    const fs::path parent = fs::path(file).parent_path();
    const fs::path folder = parent.empty() ? fs::path(".") : parent;
    return [folder](std::string_view path) { return read_neighbour(folder, path); };
}

}  // namespace sillage::server
