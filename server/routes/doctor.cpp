#include "server/base/single_flight.hpp"
#include "server/doctor/asking.hpp"
#include "server/doctor/settings.hpp"
#include "server/routes/routes.hpp"
#include "server/version.hpp"

namespace cadenza::server {
namespace {

// Everybody may ask, so Spotify is asked once a minute at most, and nothing is told but what signing in
// needs.
class SignInDoctor {
public:
    explicit SignInDoctor(const Services& services) : services_(services), asking_(services.executor) {}

    asio::awaitable<DoctorReport> report() {
        const auto& config = services_.config;
        DoctorReport out;
        out.version = version;
        out.findings = {doctor::redirect_uri(config), doctor::same_site(config), doctor::cookies(config)};
        for (auto& finding : co_await spotify()) out.findings.push_back(std::move(finding));
        out.ok = doctor::all_well(out.findings);
        co_return out;
    }

private:
    asio::awaitable<doctor::Findings> spotify() {
        constexpr std::int64_t minute = 60'000;
        if (services_.config.demo)
            co_return doctor::Findings{{"credentials", doctor::State::skipped, "demo mode", ""}};
        if (!known_.empty() && services_.clock() - asked_at_ < minute) co_return known_;
        co_return co_await asking_.run("spotify", [this] { return ask(); });
    }

    asio::awaitable<doctor::Findings> ask() {
        const auto asked = co_await doctor::ask_for_token(services_.transport, services_.config);
        known_ = {doctor::service("accounts", "SPOTIFY_ACCOUNTS_URL", asked),
                  doctor::credentials(services_.config, asked)};
        asked_at_ = services_.clock();
        co_return known_;
    }

    const Services& services_;
    SingleFlight<doctor::Findings> asking_;
    doctor::Findings known_;
    std::int64_t asked_at_{};
};

}  // namespace

void add_doctor_routes(Routes& routes, const Services& services) {
    const auto doctor = std::make_shared<SignInDoctor>(services);
    routes.on(endpoint::doctor, [doctor](auto&) -> asio::awaitable<http::Outcome<DoctorReport>> {
        co_return co_await doctor->report();
    });
}

}  // namespace cadenza::server
