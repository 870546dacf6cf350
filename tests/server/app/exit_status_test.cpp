#include "server/app/exit_status.hpp"

#include <doctest/doctest.h>

namespace sillage::server {

TEST_SUITE("app/exit_status") {
    TEST_CASE("what a script must tell apart has a status of its own") {
        CHECK(exit_status_of(Error{.code = ErrorCode::folder_locked}) == 75);
        CHECK(exit_status_of(Error{.code = ErrorCode::newer_schema}) == 78);
        CHECK(exit_status_of(Error{.code = ErrorCode::storage_failed}) == 74);
        CHECK(exit_status_of(Error{.code = ErrorCode::corrupt}) == 74);
        CHECK(exit_status_of(Error{.code = ErrorCode::invalid_argument}) == 2);
        CHECK(exit_status_of(Error{.code = ErrorCode::definition_invalid}) == 1);
        CHECK(exit_status_of(Error{.code = ErrorCode::unavailable}) == 1);
    }
}

}  // namespace sillage::server
