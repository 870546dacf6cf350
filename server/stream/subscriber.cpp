#include "server/stream/subscriber.hpp"

namespace sillage::server {

bool admits(const StreamFilter& filter, const LogPiece& piece) {
    const auto fits = [](const std::string& asked, const std::string& found) {
        return asked.empty() || asked == found;
    };
    return fits(filter.instance, piece.entry.instance) &&
           fits(filter.cohort, piece.subject.cohort) &&
           fits(filter.cluster, piece.subject.cluster) &&
           fits(filter.company, piece.subject.company) &&
           fits(filter.workflow, piece.subject.workflow);
}

}  // namespace sillage::server
