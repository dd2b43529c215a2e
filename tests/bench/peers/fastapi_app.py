"""The session check and the playlists of Cadenza's API as one would write them with FastAPI and httpx.

Beside the same work, the same checks: models validate what comes from Spotify and what goes out. What it does
not do is to Cadenza's disadvantage: no gate, no limits, no request ids, no security headers, no ration, and
sessions lie unsealed in Redis.

SESSION_STORE is memory, redis or cookie; REDIS_URL and SPOTIFY_API_URL as for cadenza-server.
"""

import base64
import hashlib
import json
import os
import secrets
import time
from collections import OrderedDict
from typing import List, Optional

import httpx
import redis.asyncio as redis
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, conint

STORE = os.environ["SESSION_STORE"]
API_URL = os.environ["SPOTIFY_API_URL"]
IDLE_MS = 14 * 24 * 3600 * 1000
ABSOLUTE_MS = 180 * 24 * 3600 * 1000
GRANT_MS = 181 * 24 * 3600 * 1000
KEPT_S = 60
KEPT_ANSWERS = 390  # of 42 KB: as much as 16 MB hold

app = FastAPI(openapi_url=None)
spotify = httpx.AsyncClient()
store = redis.from_url(os.environ["REDIS_URL"]) if STORE == "redis" else None
sealer = AESGCM(AESGCM.generate_key(256))
sessions = {}
kept = OrderedDict()


class User(BaseModel):
    name: str
    image_url: Optional[str]


class SessionInfo(BaseModel):
    authenticated: bool
    account: Optional[str]
    user: Optional[User]
    expires_at: Optional[int]
    reauthorize_at: Optional[int]
    scopes: Optional[List[str]]


class Image(BaseModel):
    url: str
    width: Optional[int]


class Owner(BaseModel):
    id: str
    display_name: Optional[str]


class Total(BaseModel):
    total: int


class SpotifyPlaylist(BaseModel):
    id: str
    name: str
    description: Optional[str]
    owner: Owner
    images: Optional[List[Image]]
    items: Optional[Total]
    collaborative: Optional[bool]
    snapshot_id: Optional[str]


class SpotifyPaging(BaseModel):
    items: List[SpotifyPlaylist]
    offset: int
    total: int


class Playlist(BaseModel):
    id: str
    name: str
    description: str
    owner: str
    images: List[Image]
    total: int
    collaborative: bool
    readable: bool
    snapshot_id: str


class PlaylistPage(BaseModel):
    items: List[Playlist]
    offset: int
    total: int
    dropped: int


def now_ms() -> int:
    return int(time.time() * 1000)


async def save(session: dict) -> str:
    if STORE == "cookie":
        nonce = secrets.token_bytes(12)
        sealed = nonce + sealer.encrypt(nonce, json.dumps(session).encode(), b"session")
        return base64.urlsafe_b64encode(sealed).decode()
    sid = secrets.token_urlsafe(32)
    key = hashlib.sha256(sid.encode()).hexdigest()
    if store:
        await store.set(key, json.dumps(session), px=IDLE_MS)
    else:
        sessions[key] = session
    return sid


async def find(request: Request) -> Optional[dict]:
    ticket = request.cookies.get("sid")
    if not ticket:
        return None
    if STORE == "cookie":
        try:
            sealed = base64.urlsafe_b64decode(ticket)
            session = json.loads(sealer.decrypt(sealed[:12], sealed[12:], b"session"))
        except (ValueError, InvalidTag):
            return None
    else:
        key = hashlib.sha256(ticket.encode()).hexdigest()
        if store:
            text = await store.get(key)
            session = json.loads(text) if text else None
        else:
            session = sessions.get(key)
    if not session or now_ms() > session["created_at"] + ABSOLUTE_MS:
        return None
    return session


@app.post("/bench/sign-in", status_code=204)
async def sign_in(request: Request, response: Response):
    """Takes {account, spotify_id, name, image_url, access_token, scopes} for what signing in would have brought."""
    session = await request.json()
    session["created_at"] = session["last_used"] = now_ms()
    response.set_cookie("sid", await save(session), httponly=True, samesite="strict")


@app.get("/livez")
async def livez():
    return "alive"


@app.get("/api/session", response_model=SessionInfo, response_model_exclude_none=True)
async def session_info(session: Optional[dict] = Depends(find)):
    if not session:
        return SessionInfo(authenticated=False)
    created = session["created_at"]
    return SessionInfo(
        authenticated=True,
        account=session["account"],
        user=User(name=session["name"], image_url=session["image_url"]),
        expires_at=min(session["last_used"] + IDLE_MS, created + ABSOLUTE_MS),
        reauthorize_at=created + GRANT_MS,
        scopes=session["scopes"],
    )


async def playlists_of(session: dict, target: str) -> PlaylistPage:
    key = (session["account"], target)
    found = kept.get(key)
    if found and found[0] > time.monotonic():
        kept.move_to_end(key)
        return found[1]
    answer = await spotify.get(
        API_URL + target,
        headers={"Authorization": "Bearer " + session["access_token"], "Accept": "application/json"},
    )
    if answer.status_code != 200:
        raise HTTPException(502)
    paging = SpotifyPaging(**answer.json())
    page = PlaylistPage(
        items=[
            Playlist(
                id=item.id,
                name=item.name,
                description=item.description or "",
                owner=item.owner.display_name or item.owner.id,
                images=item.images or [],
                total=item.items.total if item.items else 0,
                collaborative=item.collaborative or False,
                readable=bool(item.collaborative) or item.owner.id == session["spotify_id"],
                snapshot_id=item.snapshot_id or "",
            )
            for item in paging.items
        ],
        offset=paging.offset,
        total=paging.total,
        dropped=0,
    )
    kept[key] = (time.monotonic() + KEPT_S, page)
    if len(kept) > KEPT_ANSWERS:
        kept.popitem(last=False)
    return page


@app.get("/api/library/playlists", response_model=PlaylistPage, response_model_exclude_none=True)
async def playlists(
    session: Optional[dict] = Depends(find),
    offset: conint(ge=0, le=100000) = 0,
    limit: conint(ge=1, le=50) = 50,
):
    if not session:
        raise HTTPException(401)
    return await playlists_of(session, f"/me/playlists?limit={limit}&offset={offset}")
