#pragma once

#include <filesystem>
#include <memory>

#include "engine/store/delivery.hpp"

namespace sillage {

/// The file beside the database that holds what became of deliveries.
inline constexpr const char* delivery_file = "deliveries.db";

/// A book of deliveries in a database of its own, so that what it writes keeps nobody waiting who
/// writes to the log. One connection reads, writes and checkpoints it.
class SqliteDeliveryBook : public DeliveryBook {
  public:
    /// Makes the file when there is none.
    /// Errors: corrupt: it is another program's; newer_schema; storage_full, storage_failed.
    [[nodiscard]] static Result<std::unique_ptr<DeliveryBook>> open(
        const std::filesystem::path& file);
};

/// Copies the book of a data folder, served or not, into a folder that holds a copy of its log up
/// to that position; what the log says after that is told anew. Without a book nothing is done.
/// Errors: storage_full, storage_failed.
[[nodiscard]] Result<void> copy_book(const std::filesystem::path& from,
                                     const std::filesystem::path& to, std::uint64_t position);

}  // namespace sillage
