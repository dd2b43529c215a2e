#include "server/redis/script.hpp"

#include "server/base/ascii.hpp"
#include "server/redis/resp.hpp"

#include <openssl/sha.h>

#include <array>

namespace cadenza::redis {
namespace {

std::string sha1_hex(const std::string& text) {
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
    return server::hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

Command command_of(std::string verb, const std::string& script, const ScriptCall& call) {
    Command out{.words = {std::move(verb), script, std::to_string(call.keys.size())},
                .key = call.keys.empty() ? std::string() : call.keys.front(),
                .repeatable = call.repeatable};
    out.words.insert(out.words.end(), call.keys.begin(), call.keys.end());
    out.words.insert(out.words.end(), call.arguments.begin(), call.arguments.end());
    return out;
}

}  // namespace

Script::Script(std::string lua) : text(std::move(lua)), sha1(sha1_hex(text)) {}

asio::awaitable<Result<Reply>> run_script(Client& client, const Script& script, ScriptCall call,
                                          server::Deadline deadline) {
    auto reply = co_await client.run(command_of("EVALSHA", script.sha1, call), deadline);
    // The script was not found, so nothing of it was carried out.
    if (!reply || error_code(*reply) != "NOSCRIPT") co_return reply;
    co_return co_await client.run(command_of("EVAL", script.text, call), deadline);
}

}  // namespace cadenza::redis
