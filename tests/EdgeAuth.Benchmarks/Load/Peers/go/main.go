// A reverse proxy of the Go standard library (httputil.ReverseProxy) that does what EdgeAuth does, in process: token look-up by SHA-256, rate
// (GCRA), quota and the headers that tell about them.   main LISTEN UPSTREAM TOKENS
package main

import (
	"bufio"
	"crypto/sha256"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type key struct {
	id   string
	tat  int64
	used int64
}

const emission, tolerance, quota = int64(time.Millisecond), int64(time.Second), int64(1e9)

type pool struct{ p sync.Pool }

func (p *pool) Get() []byte  { return *(p.p.Get().(*[]byte)) }
func (p *pool) Put(b []byte) { p.p.Put(&b) }

func main() {
	listen, up, tokens := os.Args[1], os.Args[2], os.Args[3]
	u, err := url.Parse(up)
	if err != nil {
		log.Fatal(err)
	}
	rp := httputil.NewSingleHostReverseProxy(u)
	rp.Transport = &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 1024, DisableCompression: true,
		DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext}
	rp.BufferPool = &pool{sync.Pool{New: func() any { b := make([]byte, 32*1024); return &b }}}
	keys := map[[32]byte]*key{}
	f, err := os.Open(tokens)
	if err != nil {
		log.Fatal(err)
	}
	sc := bufio.NewScanner(f)
	for i := 0; sc.Scan(); i++ {
		keys[sha256.Sum256([]byte(sc.Text()))] = &key{id: "c" + strconv.Itoa(i)}
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := r.Header.Get("Authorization")
		if !strings.HasPrefix(a, "Bearer ") {
			w.WriteHeader(401)
			return
		}
		k := keys[sha256.Sum256([]byte(a[7:]))]
		if k == nil {
			w.WriteHeader(401)
			return
		}
		now := time.Now().UnixNano()
		var nt int64
		for {
			t := atomic.LoadInt64(&k.tat)
			nt = t
			if nt < now {
				nt = now
			}
			nt += emission
			if nt-now > tolerance {
				w.WriteHeader(429)
				return
			}
			if atomic.CompareAndSwapInt64(&k.tat, t, nt) {
				break
			}
		}
		used := atomic.AddInt64(&k.used, 1)
		if used > quota {
			w.WriteHeader(429)
			return
		}
		hd := w.Header()
		hd.Set("X-RateLimit-Limit", "1000")
		hd.Set("X-RateLimit-Remaining", strconv.FormatInt((tolerance-(nt-now))/emission, 10))
		hd.Set("X-RateLimit-Reset", "1")
		hd.Set("X-Quota-Remaining", strconv.FormatInt(quota-used, 10))
		r.Header.Set("X-Consumer", k.id)
		r.Header.Del("Authorization")
		rp.ServeHTTP(w, r)
	})
	log.Fatal(http.ListenAndServe(listen, h))
}
