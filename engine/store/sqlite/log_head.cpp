#include "engine/store/sqlite/log_head.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/store/sqlite/connection.hpp"
#include "engine/store/sqlite/folder.hpp"

namespace sillage {
namespace {

constexpr std::string_view file_name = "head";
/// A position, of any size that there is, a space, a hash in hex, the end of the line: always as
/// many bytes, so that each write covers the one before.
constexpr std::size_t position_digits = 20;
constexpr std::size_t chain_digits = 64;
constexpr std::size_t line_bytes = position_digits + 1 + chain_digits + 1;

std::string text_of(const LogHead& head) {
    return fmt::format("{:0{}} {:>{}}\n", head.position, position_digits, head.chain, chain_digits);
}

}  // namespace

std::optional<LogHead> head_of(SQLite::Database& database) {
    SQLite::Statement last(database,
                           "SELECT position, chain FROM entry ORDER BY position DESC LIMIT 1");
    Use use(last);
    return use.step() ? std::optional(LogHead{.position = use.count(0), .chain = use.text(1)})
                      : std::nullopt;
}

Result<HeadFile> HeadFile::open(const std::filesystem::path& folder) {
    const std::filesystem::path path = folder / file_name;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        const int number = errno;
        const bool is_full = number == ENOSPC || number == EDQUOT;
        return Error{.code = is_full ? ErrorCode::storage_full : ErrorCode::storage_failed,
                     .message = fmt::format("{} cannot be opened: {}.", path.string(),
                                            std::generic_category().message(number))};
    }
    return HeadFile(path, file);
}

HeadFile::HeadFile(HeadFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

HeadFile::~HeadFile() {
    if (file_ >= 0) {
        ::close(file_);
    }
}

void HeadFile::write(const LogHead& head) const {
    const std::string text = text_of(head);
    static_cast<void>(::pwrite(file_, text.data(), text.size(), 0));
}

Result<void> HeadFile::sync() const { return sync_file(path_); }

Result<std::optional<LogHead>> read_head(const std::filesystem::path& folder) {
    std::ifstream file(folder / file_name, std::ios::binary);
    std::array<char, line_bytes + 1> bytes{};
    file.read(bytes.data(), bytes.size());
    const std::string_view text(bytes.data(), static_cast<std::size_t>(file.gcount()));
    if (text.empty()) {
        return std::optional<LogHead>{};
    }
    LogHead head;
    if (text.size() == line_bytes) {
        std::from_chars(text.data(), text.data() + position_digits, head.position);
        head.chain = text.substr(position_digits + 1, chain_digits);
    }
    if (text_of(head) != text) {
        return Error{.code = ErrorCode::corrupt,
                     .message = fmt::format("{} is damaged.", (folder / file_name).string())};
    }
    return std::optional(std::move(head));
}

Result<void> check_head(SQLite::Database& database, const std::filesystem::path& folder) {
    const auto read = read_head(folder);
    if (!read || !read.value()) {
        return success();  // one that a power cut has spoilt claims nothing
    }
    const LogHead& head = *read.value();
    return guarded([&]() -> Result<void> {
        SQLite::Statement look(database, "SELECT chain FROM entry WHERE position = ?1");
        Use use(look, head.position);
        const bool is_there = use.step();
        if (is_there && use.text(0) == head.chain) {
            return success();
        }
        return Error{
            .code = ErrorCode::corrupt,
            .message = fmt::format(
                "The log {} entry {}, which was written and acknowledged. Restore a backup, or "
                "delete {} to go on without what is lost.",
                is_there ? "has another" : "ends before", head.position,
                (folder / file_name).string())};
    });
}

}  // namespace sillage
