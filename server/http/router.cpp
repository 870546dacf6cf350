#include "server/http/router.hpp"

#include <algorithm>

#include "engine/base/assert.hpp"
#include "server/http/problem.hpp"
#include "server/http/text.hpp"

namespace sillage::server {

namespace {

/// The segments after the leading slash; `/` gives one empty segment.
std::vector<std::string_view> segments_of(std::string_view path) {
    path.remove_prefix(path.starts_with('/') ? 1 : 0);
    std::vector<std::string_view> segments;
    std::size_t begin = 0;
    for (std::size_t end = path.find('/'); end != std::string_view::npos;
         end = path.find('/', begin)) {
        segments.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    segments.push_back(path.substr(begin));
    return segments;
}

std::string allow_of(const std::map<Method, Handler>& handlers) {
    std::string allow;
    for (const auto& [method, handler] : handlers) {
        allow += std::string(name_of(method)) + ", ";
        if (method == Method::get) {
            allow += "HEAD, ";
        }
    }
    return allow + "OPTIONS";
}

Response options_answer(std::string allow) {
    Response response{.status = Status::no_content};
    response.headers.add("Allow", std::move(allow));
    return response;
}

Response wrong_method(const Request& request, std::string allow) {
    const std::string name(name_of(request.method));
    Response response = problem(
        "method", (name.empty() ? "This method" : name) + " is not known here; " + allow + " are.");
    response.headers.add("Allow", std::move(allow));
    return response;
}

}  // namespace

void Router::add(Method method, std::string_view pattern, Handler handler,
                 std::size_t body_bytes_max) {
    SILLAGE_ASSERT(pattern.starts_with('/'));
    Node* node = &root_;
    for (const std::string_view segment : segments_of(pattern)) {
        if (!segment.starts_with('{')) {
            node = &node->words[std::string(segment)];
            continue;
        }
        SILLAGE_ASSERT(segment.ends_with('}'));
        const std::string_view name = segment.substr(1, segment.size() - 2);
        if (node->parameter.empty()) {
            node->parameter.emplace_back();
            node->parameter_name = std::string(name);
        }
        SILLAGE_ASSERT(node->parameter_name == name);
        node = &node->parameter.front();
    }
    node->pattern = std::string(pattern);
    const bool is_new = node->handlers.emplace(method, std::move(handler)).second;
    SILLAGE_ASSERT(is_new);
    if (body_bytes_max > 0) {
        node->body_bytes_max.emplace(method, body_bytes_max);
        largest_body_bytes_max_ = std::max(largest_body_bytes_max_, body_bytes_max);
    }
}

std::size_t Router::body_bytes_max(Method method, const std::string& path) const {
    Request request{.path = path};
    const auto found = find(request);
    if (!found) {
        return 0;
    }
    const auto& known = found.value()->body_bytes_max;
    const auto limit = known.find(method);
    return limit == known.end() ? 0 : limit->second;
}

Result<const Router::Node*> Router::find(Request& request) const {
    const Node* node = &root_;
    for (const std::string_view segment : segments_of(request.path)) {
        SILLAGE_TRY(auto decoded, percent_decode(segment, false));
        const auto word = node->words.find(decoded);
        if (word != node->words.end()) {
            node = &word->second;
        } else if (!node->parameter.empty() && !decoded.empty()) {
            request.path_parameters.push_back(Field{node->parameter_name, std::move(decoded)});
            node = &node->parameter.front();
        } else {
            node = nullptr;
            break;
        }
    }
    if (node == nullptr || node->handlers.empty()) {
        return Error{.code = ErrorCode::not_found, .message = "There is nothing at this address."};
    }
    request.route = node->pattern;
    return node;
}

net::awaitable<Response> Router::answer(Request request) const {
    const auto began = std::chrono::steady_clock::now();
    Response response = co_await respond(request);
    if (on_answer) {
        on_answer(request, response.status, std::chrono::steady_clock::now() - began);
    }
    co_return response;
}

net::awaitable<Response> Router::respond(Request& request) const {
    const auto found = find(request);
    if (!found) {
        co_return request.path == "*" && request.method == Method::options
            ? options_answer("GET, HEAD, POST, PATCH, DELETE, OPTIONS")
            : problem(found.error());
    }
    const Node& node = *found.value();
    const auto handler =
        node.handlers.find(request.method == Method::head ? Method::get : request.method);
    if (handler == node.handlers.end()) {
        co_return request.method == Method::options
            ? options_answer(allow_of(node.handlers))
            : wrong_method(request, allow_of(node.handlers));
    }
    Result<Response> response = co_await handler->second(request);
    if (!response && on_error) {
        on_error(request, response.error());
    }
    Response answer = response ? std::move(response).value() : problem(response.error());
    for (Field& field : request.answer_fields) {
        answer.headers.set(std::move(field.name), std::move(field.value));
    }
    co_return answer;
}

std::vector<std::string> Router::routes() const {
    std::vector<std::string> routes;
    std::vector<const Node*> waiting{&root_};
    while (!waiting.empty()) {
        const Node* node = waiting.back();
        waiting.pop_back();
        for (const auto& [method, handler] : node->handlers) {
            routes.push_back(std::string(name_of(method)) + " " + node->pattern);
        }
        for (const auto& [word, child] : node->words) {
            waiting.push_back(&child);
        }
        if (!node->parameter.empty()) {
            waiting.push_back(&node->parameter.front());
        }
    }
    std::ranges::sort(routes);
    return routes;
}

}  // namespace sillage::server
