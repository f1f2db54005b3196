package store_test
import ("testing";"syscall";"time";"plumbline/internal/ledger";"plumbline/internal/store";"crypto/sha256";"io";"os")
func cpu() time.Duration { var r syscall.Rusage; syscall.Getrusage(0,&r); return time.Duration(r.Utime.Nano()+r.Stime.Nano()) }
func BenchmarkZZ(b *testing.B){ p:=longRecord(b); st,_:=store.Open(p); defer st.Close(); mw,mc,ms:=time.Hour,time.Hour,time.Hour
 for k:=0;k<25;k++ { t:=time.Now(); c:=cpu(); if _,err:=ledger.Verify(b.Context(),st,"",nil);err!=nil{b.Fatal(err)}; w:=time.Since(t); cc:=cpu()-c; mw=min(mw,w);mc=min(mc,cc)
  c=cpu(); f,_:=os.Open(p); h:=sha256.New(); io.CopyBuffer(struct{io.Writer}{h},f,make([]byte,1<<20)); f.Close(); ms=min(ms,cpu()-c) }
 b.Logf("min wall %v min cpu %v sha cpu %v: cpu/2/sha %.2f wall/sha %.2f", mw,mc,ms, float64(mc)/2/float64(ms), float64(mw)/float64(ms)) }
