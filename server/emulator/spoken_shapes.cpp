// Shapes of shows, episodes, audiobooks and chapters.
#include "server/emulator/shapes.hpp"

namespace cadenza::emulator {
namespace {

const Json resume_point{{"fully_played", false}, {"resume_position_ms", 0}};
const Json copyrights = Json::array({{{"text", "© An invented publisher"}, {"type", "C"}}});

}  // namespace

Json Shapes::described(Json entity, const std::string& description) const {
    entity["description"] = description;
    entity["html_description"] = "<p>" + description + "</p>";
    entity["explicit"] = false;
    entity["languages"] = Json::array({"en"});
    return entity;
}

Json Shapes::simple_show(Index index) const {
    const auto& show = world_.catalogue.shows[index];
    auto out = described(entity("show", show.id, show.name), show.description);
    out["copyrights"] = copyrights;
    out["images"] = images("show", show.id);
    out["is_externally_hosted"] = false;
    out["media_type"] = "audio";
    out["total_episodes"] = show.episodes.size();
    return out;
}

Json Shapes::show(Index index) const {
    const auto& show = world_.catalogue.shows[index];
    auto out = simple_show(index);
    out["episodes"] = inner_page("shows/" + show.id + "/episodes", show.episodes,
                                 [&](Index episode) { return simple_episode(episode); });
    return out;
}

Json Shapes::simple_episode(Index index) const {
    const auto& episode = world_.catalogue.episodes[index];
    auto out = described(entity("episode", episode.id, episode.name), episode.description);
    out["audio_preview_url"] = nullptr;
    out["duration_ms"] = episode.duration_ms;
    out["images"] = images("show", world_.catalogue.shows[episode.show].id);
    out["is_externally_hosted"] = false;
    out["is_playable"] = true;
    out["language"] = "en";
    out["release_date"] = episode.release_date;
    out["release_date_precision"] = "day";
    if (positions_) out["resume_point"] = resume_point;
    return out;
}

Json Shapes::episode(Index index) const {
    auto out = simple_episode(index);
    out["show"] = simple_show(world_.catalogue.episodes[index].show);
    return out;
}

Json Shapes::simple_audiobook(Index index) const {
    const auto& book = world_.catalogue.audiobooks[index];
    auto out = described(entity("audiobook", book.id, book.name), book.description);
    out["authors"] = Json::array({{{"name", book.author}}});
    out["narrators"] = Json::array({{{"name", book.narrator}}});
    out["copyrights"] = copyrights;
    out["edition"] = "Unabridged";
    out["images"] = images("audiobook", book.id);
    out["media_type"] = "audio";
    out["total_chapters"] = book.chapters.size();
    return out;
}

Json Shapes::audiobook(Index index) const {
    const auto& book = world_.catalogue.audiobooks[index];
    auto out = simple_audiobook(index);
    out["chapters"] = inner_page("audiobooks/" + book.id + "/chapters", book.chapters,
                                 [&](Index chapter) { return simple_chapter(chapter); });
    return out;
}

Json Shapes::simple_chapter(Index index) const {
    const auto& chapter = world_.catalogue.chapters[index];
    auto out = described(entity("chapter", chapter.id, chapter.name), "");
    out["type"] = "episode";  // so says Spotify's description of a chapter
    out["audio_preview_url"] = nullptr;
    out["chapter_number"] = chapter.number;
    out["duration_ms"] = chapter.duration_ms;
    out["images"] = images("audiobook", world_.catalogue.audiobooks[chapter.audiobook].id);
    out["is_playable"] = true;
    out["release_date"] = "2025";
    out["release_date_precision"] = "year";
    if (positions_) out["resume_point"] = resume_point;
    return out;
}

Json Shapes::chapter(Index index) const {
    auto out = simple_chapter(index);
    out["audiobook"] = simple_audiobook(world_.catalogue.chapters[index].audiobook);
    return out;
}

}  // namespace cadenza::emulator
