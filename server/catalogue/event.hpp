#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/catalogue/log_piece.hpp"

namespace sillage::server {

/// A message in the envelope of CloudEvents 1.0. Everything in it follows from the log, the reader
/// and the server's address, so that whoever makes it again gets the same bytes.
struct CloudEvent {
    /// From its place in the log and the entry's hash, and the same for every reader.
    /// Ex. `evt_1204_2_4967305d`.
    std::string id = {};
    /// Ex. `/clusters/clu_…/cohorts/coh_…`; `/network` without a cluster.
    std::string source = {};
    std::string type = {};
    /// The instance's id, or the cohort's.
    std::string subject = {};
    Instant time = {};
    /// Absolute; empty for what a workflow has defined itself.
    std::string dataschema = {};
    /// The instance's, in decimal digits; empty for what is no instance's.
    std::string sequence = {};
    /// Of the request that led to it; empty without one.
    std::string traceparent = {};
    boost::json::object data = {};

    bool operator==(const CloudEvent&) const = default;
};

/// The media type of the structured form.
inline constexpr std::string_view cloud_event_media_type = "application/cloudevents+json";

/// What the piece tells the addressee, in the order in which it happened. `base_url` is where the
/// server is found, without a slash at its end.
[[nodiscard]] std::vector<CloudEvent> events_for(const LogPiece& piece, const Addressee& addressee,
                                                 std::string_view base_url);

/// The structured form: one object with `specversion`, the attributes and `data`.
[[nodiscard]] boost::json::object to_json(const CloudEvent& event);

/// The attributes as header fields of the binary form, whose body is `data` alone, as
/// `application/json`; values percent-encoded as its section 3.1.3.2 asks. Ex. `{"ce-id", "…"}`.
/// Source: CloudEvents 1.0.2, HTTP Protocol Binding, 3.1.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> binary_fields(
    const CloudEvent& event);

}  // namespace sillage::server
