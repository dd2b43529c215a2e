// The emulator as a program of its own.
#include "server/emulator/emulator.hpp"
#include "server/http/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <string_view>

namespace {

constexpr const char* usage = R"(spotify-emulator [options]
  --port N           listen on 127.0.0.1:N; 0 takes a free port (default 8001)
  --seed N           which invented catalogue
  --users N          how many accounts (default 2)
  --liked N          liked songs of each (default 2000)
  --playlists N      playlists of each (default 40)
  --lag MS           how long reads of the player lag behind writes (default 500)
  --auto-approve     nobody is asked at the consent page
  --harsh            as awkward as the real one may be
  --client ID:SECRET an app; may be repeated (default cadenza-demo:cadenza-demo-secret)
  --redirect URI     a registered redirect URI; may be repeated (default: any loopback literal)
  --help             this text
)";

struct Settings {
    cadenza::emulator::Options options;
    std::uint16_t port{8001};
    bool clients_named{};  // the first --client takes the place of the default one
};

template <class Number>
bool read(std::string_view text, Number& out) {
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
    return ec == std::errc{} && end == text.data() + text.size();
}

bool apply(Settings& settings, std::string_view flag, std::string_view value) {
    auto& options = settings.options;
    if (flag == "--port") return read(value, settings.port);
    if (flag == "--seed") return read(value, options.seed);
    if (flag == "--users") return read(value, options.users) && options.users > 0;
    if (flag == "--liked") return read(value, options.liked);
    if (flag == "--playlists") return read(value, options.playlists);
    if (flag == "--lag") return read(value, options.lag_ms) && options.lag_ms >= 0;
    if (flag == "--redirect") {
        options.redirects.emplace_back(value);
        return true;
    }
    const auto colon = value.find(':');
    if (flag != "--client" || colon == value.npos) return false;
    if (!settings.clients_named) options.clients.clear();
    settings.clients_named = true;
    options.clients.emplace_back(value.substr(0, colon), value.substr(colon + 1));
    return true;
}

std::optional<Settings> parse(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i < argc; ++i) {
        const std::string_view flag = argv[i];
        if (flag == "--auto-approve") {
            settings.options.auto_approve = true;
        } else if (flag == "--harsh") {
            settings.options.harsh = true;
        } else if (i + 1 >= argc || !apply(settings, flag, argv[i + 1])) {
            std::fprintf(stderr, "spotify-emulator: cannot use %s\n%s", argv[i], usage);
            return std::nullopt;
        } else {
            ++i;
        }
    }
    return settings;
}

int serve(const Settings& settings) {
    boost::asio::io_context context(1);
    cadenza::emulator::Emulator emulator(context.get_executor(), settings.options);
    cadenza::http::Listener listener(context.get_executor(), [&](cadenza::http::Request request) {
        return emulator.handle(std::move(request));
    });
    if (const auto bound = listener.bind("127.0.0.1", settings.port); !bound) {
        std::fprintf(stderr, "spotify-emulator: %s\n", bound.error().detail.c_str());
        return 1;
    }
    const auto url = "http://127.0.0.1:" + std::to_string(listener.port());
    emulator.set_base(url);
    listener.start();
    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    std::printf("listening on %s\n", url.c_str());
    std::fflush(stdout);
    signals.async_wait([&](const auto&, int) { context.stop(); });
    context.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc == 2 && std::string_view(argv[1]) == "--help") {
        std::fputs(usage, stdout);
        return 0;
    }
    const auto settings = parse(argc, argv);
    return settings ? serve(*settings) : 2;
} catch (const std::exception& error) {
    std::fprintf(stderr, "spotify-emulator: %s\n", error.what());
    return 1;
}
