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

}  // namespace sillage
