#include "server/demo.hpp"

namespace cadenza::server {
namespace {

constexpr std::string_view mount = "/_demo";

emulator::Options options_for(bool same_origin) {
    emulator::Options options;
    // Whoever can reach the server could use them.
    options.control = !same_origin;
    if (same_origin) options.prefix = mount;
    return options;
}

asio::awaitable<Result<http::ClientResponse>> ask(emulator::Emulator& emulator, http::ClientRequest request) {
    http::Request inside;
    inside.method = request.method;
    const auto question = request.target.find('?');
    inside.path = request.target.substr(0, question);
    if (question != request.target.npos) inside.query = request.target.substr(question + 1);
    inside.headers = std::move(request.headers);
    inside.body = std::move(request.body);
    auto response = co_await emulator.handle(std::move(inside));
    co_return http::ClientResponse{response.status, response.headers, std::string(response.content())};
}

}  // namespace

Demo::Demo(const asio::any_io_executor& executor, bool same_origin)
    : same_origin_(same_origin), emulator_(executor, options_for(same_origin)) {
    if (!same_origin) {
        listener_.emplace(executor,
                          [this](http::Request request) { return emulator_.handle(std::move(request)); });
    }
}

Status Demo::start(const Config& config) {
    if (!listener_) return {};
    if (auto bound = listener_->bind(config.host, config.emulator_port); !bound) return bound;
    listener_->start();
    return {};
}

void Demo::settle(const Config& config) {
    emulator_.set_base(config.api_url.substr(0, config.api_url.rfind('/')));
}

bool Demo::serves(const http::Request& request) const noexcept {
    return same_origin_ && request.path.starts_with(mount) &&
           (request.path.size() == mount.size() || request.path[mount.size()] == '/');
}

Transport Demo::transport(Transport outside) {
    if (!same_origin_) return outside;
    return [this](http::ClientRequest request, std::chrono::milliseconds) {
        return ask(emulator_, std::move(request));
    };
}

}  // namespace cadenza::server
