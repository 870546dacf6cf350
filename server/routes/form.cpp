#include "server/routes/form.hpp"

#include "server/http/text.hpp"

namespace sillage::server {

Result<boost::json::object> read_form(const Request& request) {
    if (media_type_of(request) != form_media_type) {
        return Error{.code = ErrorCode::unsupported_media_type,
                     .message = "A form is sent as " + std::string(form_media_type) + "."};
    }
    if (request.body.size() > form_bytes_max) {
        return Error{.code = ErrorCode::too_large,
                     .message = "A form may have " + std::to_string(form_bytes_max) + " bytes."};
    }
    const auto pairs = read_pairs(request.body);
    if (!pairs) {
        return Error{.code = ErrorCode::invalid_argument,
                     .message = "The form's fields must be percent-encoded UTF-8 without NUL."};
    }
    boost::json::object form;
    for (const Field& pair : pairs.value()) {
        if (!form.emplace(pair.name, pair.value).second) {
            return Error{.code = ErrorCode::invalid_argument,
                         .message = "The form has the same field twice.",
                         .where = "/" + pair.name};
        }
    }
    return form;
}

}  // namespace sillage::server
