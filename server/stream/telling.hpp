#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "server/catalogue/log_piece.hpp"
#include "server/stream/subscriber.hpp"

namespace sillage::server {

/// One entry on its way to all who listen: each text is made once.
class Telling {
  public:
    /// Both must outlive it.
    Telling(const LogPiece& piece, std::string_view base_url) : piece_(piece), url_(base_url) {}

    /// The text for that subscriber; null: it is not for it.
    [[nodiscard]] SharedText text_for(const StreamRequest& asked);

  private:
    const LogPiece& piece_;
    std::string_view url_;
    /// Whom an account listens as: the key of its audience, empty where it may not know of it.
    std::map<AccountPointer, std::string> audiences_;
    /// By key and asked type; null: nothing of that type.
    std::map<std::pair<std::string, std::string>, SharedText> texts_;
};

/// The data of one message of the stream: what happened, and its events. `type` limits the events
/// (empty: all).
[[nodiscard]] boost::json::object stream_data(const LogPiece& piece, const Addressee& addressee,
                                              std::string_view base_url, std::string_view type);

/// A message of the stream: `id`, then `event` unless that is empty, then one line of data.
/// Source: HTML, 9.2.5.
[[nodiscard]] std::string stream_message(std::uint64_t id, std::string_view event,
                                         const boost::json::object& data);

}  // namespace sillage::server
